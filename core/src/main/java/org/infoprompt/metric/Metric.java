package org.infoprompt.metric;

/** The score a task is judged by, as a fraction; every one is computed from a {@link ConfusionMatrix}. */
public enum Metric {
    /** Fraction of right predictions. */
    ACCURACY("accuracy") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.accuracy();
        }
    },
    /** F1 of the positive class, which is label index 1 of exactly two. */
    F1("F1") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            if (!supports(matrix.labels().size())) {
                throw new IllegalArgumentException(
                        "F1 needs 2 labels, not " + matrix.labels().size());
            }
            return matrix.f1(1);
        }
    },
    /** Unweighted mean of the classes' F1, see {@link ConfusionMatrix#macroF1}. */
    MACRO_F1("macro-F1") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.macroF1();
        }
    },
    /** Matthews' correlation coefficient, see {@link ConfusionMatrix#matthews}; CoLA's metric in GLUE. */
    MATTHEWS("Matthews") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.matthews();
        }
    },
    /** F1 over labelled spans of tagged words, see {@link SpanCounter}. */
    SPAN_F1("span F1") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.spanF1();
        }
    },
    /** The official score of SemEval-2010 task 8, see {@link RelationScore}. */
    SEMEVAL_MACRO_F1("macro-F1 (SemEval)") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return RelationScore.macroF1(matrix);
        }
    },
    /** Pearson's correlation of predicted with right numbers. */
    PEARSON("Pearson") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.values().pearson();
        }
    },
    /** Spearman's rank correlation of predicted with right numbers. */
    SPEARMAN("Spearman") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return matrix.values().spearman();
        }
    },
    /** The mean of both correlations; STS-B's metric in GLUE. */
    PEARSON_SPEARMAN("Pearson-Spearman") {
        @Override
        public double compute(ConfusionMatrix matrix) {
            return (matrix.values().pearson() + matrix.values().spearman()) / 2;
        }
    };

    private final String displayName;

    Metric(String displayName) {
        this.displayName = displayName;
    }

    /**
     * Returns the name for tables and reports.
     *
     * @return a short name such as {@code macro-F1}
     */
    public String displayName() {
        return displayName;
    }

    /**
     * Says whether the metric is defined for this number of labels.
     *
     * @param numLabels number of labels of the task
     * @return whether there are two for {@link #F1}, one for {@linkplain #isRegression numbers}, at least two for all others
     */
    public boolean supports(int numLabels) {
        return isRegression() ? numLabels == 1 : this == F1 ? numLabels == 2 : numLabels >= 2;
    }

    /**
     * Says whether the metric judges numbers, rather than classes.
     *
     * @return true for correlations
     */
    public boolean isRegression() {
        return this == PEARSON || this == SPEARMAN || this == PEARSON_SPEARMAN;
    }

    /**
     * Computes the score.
     *
     * @param matrix the predictions counted
     * @return the score, in [-1, 1] for {@link #MATTHEWS} and correlations, in [0, 1] otherwise; higher is better
     * @throws IllegalArgumentException if the metric does not {@linkplain #supports support} this number of labels
     */
    public abstract double compute(ConfusionMatrix matrix);
}
