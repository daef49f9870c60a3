package org.infoprompt.cli;

import org.infoprompt.objective.LossReport;
import org.infoprompt.session.Recipe;
import org.infoprompt.train.EpochReport;
import org.infoprompt.train.TrainingListener;

/** Shows a training run: phase, bar, loss terms and accuracy of the epoch so far, last dev score, speed and time left. */
final class TrainingDisplay implements TrainingListener {
    private final Console console;
    private final StatusLine line;
    private final String method;
    private final int epochs;
    private final boolean information;
    private String phase = "";
    private long total;
    private long done;
    private long start;
    private int epoch;
    private long examples;
    private double crossEntropy;
    private double head;
    private double representation;
    private double kl;
    private long correct;
    private double devScore = Double.NaN;
    private double heardSeconds;

    /**
     * Creates a display.
     *
     * @param console where to draw
     * @param method what is trained, as tables call it
     * @param recipe how
     */
    TrainingDisplay(Console console, String method, Recipe recipe) {
        this.console = console;
        this.line = new StatusLine(console);
        this.method = method;
        this.epochs = recipe.training().epochs();
        this.information = recipe.objective().usesHead() || recipe.objective().usesPlainState();
    }

    @Override
    public void onPhase(String name, long newTotal) {
        line.clear();
        phase = name;
        total = newTotal;
        done = 0;
        start = System.nanoTime();
        line.restart();
    }

    @Override
    public void onProgress(int more) {
        done += more;
        if (line.due()) {
            draw();
        }
    }

    @Override
    public void onStep(int newEpoch, int step, LossReport losses, double gradientNorm) {
        if (newEpoch != epoch) {
            epoch = newEpoch;
            examples = 0;
            correct = 0;
            crossEntropy = 0;
            head = 0;
            representation = 0;
            kl = 0;
        }
        int b = losses.batchSize();
        examples += b;
        correct += losses.numCorrect();
        crossEntropy += losses.crossEntropy() * b;
        head += losses.head() * b;
        representation += losses.representation() * b;
        kl += losses.kl() * b;
    }

    @Override
    public void onEpoch(EpochReport report, boolean best) {
        heardSeconds += report.seconds();
        devScore = report.devScore();
        if (!console.terminal() || console.verbose()) {
            line.clear();
            StringBuilder text = new StringBuilder(method).append("  epoch ");
            text.append(report.epoch()).append('/').append(epochs);
            terms(text, report.crossEntropy(), report.head(), report.representation(), report.kl());
            accuracy(text, report.trainAccuracy());
            if (!Double.isNaN(devScore)) {
                text.append("  dev ");
                StatusLine.number(text, devScore, 4);
                text.append(best ? " (best)" : "");
            }
            text.append("  ");
            StatusLine.number(text, report.seconds(), 1);
            console.note(text.append(" s").toString());
        }
    }

    private void draw() {
        StringBuilder text = line.buffer();
        text.append(method);
        boolean training = examples > 0 && phase.equals("training");
        if (training) {
            text.append("  epoch ").append(epoch).append('/').append(epochs);
        } else if (!phase.equals(method)) {
            text.append(", ").append(phase);
        }
        CountDisplay.describe(text, "", done, total, (System.nanoTime() - start) / 1e9);
        if (training) {
            terms(text, crossEntropy / examples, head / examples, representation / examples, kl / examples);
            accuracy(text, correct < 0 ? Double.NaN : (double) correct / examples);
            if (!Double.isNaN(devScore)) {
                text.append("  dev ");
                StatusLine.number(text, devScore, 4);
            }
        }
        line.draw();
    }

    private void terms(StringBuilder text, double ce, double headLoss, double representationLoss, double klLoss) {
        text.append(correct < 0 ? "  mse " : "  ce ");
        StatusLine.number(text, ce, 3);
        if (information) {
            text.append(" head ");
            StatusLine.number(text, headLoss, 3);
            text.append(" rep ");
            StatusLine.number(text, representationLoss, 3);
            text.append(" kl ");
            StatusLine.number(text, klLoss, 3);
        }
    }

    private static void accuracy(StringBuilder text, double value) {
        if (!Double.isNaN(value)) {
            text.append("  accuracy ");
            StatusLine.number(text, value, 3);
        }
    }

    /** Returns the seconds of all epochs this display has heard of. */
    double heardSeconds() {
        return heardSeconds;
    }

    void finish() {
        line.clear();
    }
}
