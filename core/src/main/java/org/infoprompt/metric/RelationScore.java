package org.infoprompt.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The official score of SemEval-2010 task 8: (9+1)-way macro-averaged F1, directionality taken into account, {@code Other}
 * left out.
 *
 * <p>The two directions {@code R(e1,e2)} and {@code R(e2,e1)} are one relation R. A prediction is right only if relation
 * and direction are; one with the wrong direction stays in the divisor of R's precision. So with counts pooled over both
 * directions, P = right / predicted as R, recall = right / gold R, F1 their harmonic mean, and the score is the mean F1
 * over the relations that occur in the gold labels. Predicting {@code Other} costs recall, and an example of
 * {@code Other} predicted as R costs R's precision.
 *
 * <p>Source: Hendrickx et al., SemEval-2010 Task 8, section 4; the behaviour of the task's scorer, version 1.2.
 */
final class RelationScore {
    private static final String OTHER = "Other";

    private RelationScore() {}

    static double macroF1(ConfusionMatrix matrix) {
        List<String> labels = matrix.labels();
        Map<String, long[]> relations = new LinkedHashMap<>();
        for (int label = 0; label < labels.size(); label++) {
            String relation = withoutDirection(labels.get(label));
            if (!relation.equals(OTHER)) {
                long[] pooled = relations.computeIfAbsent(relation, name -> new long[3]);
                pooled[0] += matrix.count(label, label);
                pooled[1] += matrix.numPredicted(label);
                pooled[2] += matrix.numGold(label);
            }
        }
        double sum = 0;
        int numRelations = 0;
        for (long[] pooled : relations.values()) {
            if (pooled[2] > 0) {
                sum += 2.0 * pooled[0] / (pooled[1] + pooled[2]);
                numRelations++;
            }
        }
        return numRelations == 0 ? 0 : sum / numRelations;
    }

    private static String withoutDirection(String label) {
        return label.endsWith("(e1,e2)") || label.endsWith("(e2,e1)")
                ? label.substring(0, label.length() - "(e1,e2)".length())
                : label;
    }
}
