package org.infoprompt.objective;

/**
 * Class head and losses: total = CE + w·(gamma·head + beta·representation + klWeight·KL), w = 1 - decay·(epoch+1)/epochs.
 *
 * @param classification what the class head scores
 * @param latentSize Z, width of the Gaussian bottleneck
 * @param gamma weight of the head information loss, 0 switches it off
 * @param beta weight of the representation information loss, 0 switches it off
 * @param klWeight weight of the KL terms, 0 switches them off
 * @param decay how much of the information weights is gone after the last epoch, in [0, 1]
 * @param negativesPerRow the representation loss draws negativesPerRow·B samples a row (4 in the released code)
 * @param referenceClamp whether row log-probabilities are clamped at -2 as in the released code, which silences both information
 *     losses at initialisation
 */
public record ObjectiveConfig(
        Classification classification,
        int latentSize,
        double gamma,
        double beta,
        double klWeight,
        double decay,
        int negativesPerRow,
        boolean referenceClamp) {

    /** Checks the ranges. */
    public ObjectiveConfig {
        check("latentSize", latentSize, 1, 4096);
        check("gamma", gamma, 0, 1e6);
        check("beta", beta, 0, 1e6);
        check("klWeight", klWeight, 0, 1e6);
        check("decay", decay, 0, 1);
        check("negativesPerRow", negativesPerRow, 1, 4096);
    }

    private static void check(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
    }

    /** {@return the released code's objective} */
    public static ObjectiveConfig released() {
        return new ObjectiveConfig(Classification.BOTTLENECK, 32, .1, .2, .1, 0, 4, false);
    }

    /** {@return plain cross-entropy on the mask state} */
    public static ObjectiveConfig crossEntropyOnly() {
        return new ObjectiveConfig(Classification.DIRECT, 32, 0, 0, 0, 0, 4, false);
    }

    /** {@return whether the head information loss is on} */
    public boolean usesHead() {
        return gamma > 0;
    }

    /** {@return whether the representation information loss is on} */
    public boolean usesRepresentation() {
        return beta > 0;
    }

    /** {@return whether any information loss, which reads the prompt vectors, is on} */
    public boolean usesInformation() {
        return usesHead() || usesRepresentation();
    }

    /** {@return whether the plain pass's read state is needed in training} */
    public boolean usesPlainState() {
        return beta > 0 || klWeight > 0;
    }

    /** {@return whether the bottleneck exists} */
    public boolean usesBottleneck() {
        return classification.usesBottleneck() || usesPlainState();
    }

    /** {@return whether the decoder exists} */
    public boolean usesDecoder() {
        return classification.usesBottleneck() || usesRepresentation();
    }

    /** {@return the clamp of row log-probabilities, NaN for none} */
    public double logProbFloor() {
        return referenceClamp ? -2 : Double.NaN;
    }

    /**
     * {@return the common factor of the information losses}
     *
     * @param epoch the epoch, from 0
     * @param epochs how many there are
     */
    public double weight(int epoch, int epochs) {
        return 1 - decay * (epoch + 1) / Math.max(1, epochs);
    }
}
