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
     * @return false only for {@link #F1} with other than two labels
     */
    public boolean supports(int numLabels) {
        return this != F1 || numLabels == 2;
    }

    /**
     * Computes the score.
     *
     * @param matrix the predictions counted
     * @return the score, in [-1, 1] for {@link #MATTHEWS}, in [0, 1] otherwise; higher is better
     * @throws IllegalArgumentException if the metric does not {@linkplain #supports support} this number of labels
     */
    public abstract double compute(ConfusionMatrix matrix);
}
