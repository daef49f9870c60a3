package org.infoprompt.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.infoprompt.metric.Metric;
import org.infoprompt.train.EpochReport;

/**
 * Draws the epochs of one or two methods: loss terms on the left, training accuracy and dev score on the right. Works without a
 * screen.
 */
final class LearningCurve {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 560;
    private static final int TOP = 70;
    private static final int BOTTOM = 62;
    private static final int PANEL_WIDTH = 400;
    private static final int LEGEND_WIDTH = 170;
    private static final Color INK = new Color(0x22, 0x2b, 0x36);
    private static final Color FAINT = new Color(0xe3, 0xe7, 0xec);
    private static final Color MUTED = new Color(0x62, 0x6d, 0x7a);
    private static final Color BLUE = new Color(0x1f, 0x6f, 0xb4);
    private static final Color ORANGE = new Color(0xd9, 0x6b, 0x0b);
    private static final Color GREEN = new Color(0x2b, 0x8a, 0x3e);
    private static final Color PURPLE = new Color(0x7b, 0x4b, 0xb3);
    private static final Color GREY = new Color(0x8a, 0x94, 0xa0);

    @SuppressWarnings("ArrayRecordComponent") // never compared or kept
    private record Curve(String name, double[] values, Color color, boolean dashed) {}

    private final Graphics2D g;

    private LearningCurve(Graphics2D g) {
        this.g = g;
    }

    /**
     * Draws.
     *
     * @param runs methods with epochs, the one in focus last
     * @param title what they were trained on
     * @param metric what dev was judged by
     * @return the bytes of a PNG file
     */
    static byte[] png(List<MethodRun> runs, String title, Metric metric) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            new LearningCurve(graphics).draw(runs, title, metric);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory failed", e);
        }
        return bytes.toByteArray();
    }

    private void draw(List<MethodRun> runs, String title, Metric metric) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 19));
        g.drawString("Learning curves: " + title, 62, 34);
        if (runs.isEmpty()) {
            return;
        }
        MethodRun focus = runs.getLast();
        List<Curve> losses = new ArrayList<>();
        List<Curve> scores = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            MethodRun run = runs.get(i);
            boolean main = i == runs.size() - 1;
            String of = runs.size() == 1 ? "" : " (" + run.method() + ")";
            boolean numbers = metric.isRegression();
            String loss = numbers ? "squared error" : "cross-entropy";
            losses.add(curve(loss + of, run, EpochReport::crossEntropy, main ? BLUE : GREY, !main));
            if (!numbers) {
                scores.add(curve("train accuracy" + of, run, EpochReport::trainAccuracy, main ? BLUE : GREY, true));
            }
            scores.add(curve(
                    "dev " + metric.displayName() + of, run, EpochReport::devScore, main ? ORANGE : MUTED, false));
        }
        addIfUsed(losses, curve("head information", focus, EpochReport::head, ORANGE, false));
        addIfUsed(losses, curve("representation inf.", focus, EpochReport::representation, GREEN, false));
        addIfUsed(losses, curve("KL", focus, EpochReport::kl, PURPLE, false));
        panel(
                62,
                metric.isRegression() ? "loss terms (mean of an epoch)" : "loss terms (nats, mean of an epoch)",
                losses,
                false);
        panel(62 + PANEL_WIDTH + LEGEND_WIDTH + 66, "accuracy and score", scores, true);
    }

    private static Curve curve(
            String name, MethodRun run, ToDoubleFunction<EpochReport> value, Color color, boolean dashed) {
        return new Curve(name, run.history().stream().mapToDouble(value).toArray(), color, dashed);
    }

    private static void addIfUsed(List<Curve> curves, Curve curve) {
        for (double value : curve.values) {
            if (value != 0) {
                curves.add(curve);
                return;
            }
        }
    }

    private void panel(int left, String name, List<Curve> curves, boolean fraction) {
        int bottom = HEIGHT - BOTTOM;
        int epochs = 1;
        double low = fraction ? 1 : 0;
        double high = fraction ? 0 : 1e-9;
        for (Curve curve : curves) {
            epochs = Math.max(epochs, curve.values.length);
            for (double value : curve.values) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        double step = niceStep((high - low) / 5);
        low = Math.floor(low / step) * step;
        high = fraction && high <= 1 ? Math.min(1, Math.ceil(high / step) * step) : Math.ceil(high / step) * step;
        if (high <= low) {
            high = low + step;
        }
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        g.setColor(MUTED);
        g.drawString(name, left, TOP - 10);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (double tick = low; tick <= high + step / 2; tick += step) {
            if (tick <= high + 1e-9) {
                double y = y(tick, low, high, bottom);
                line(left, y, left + PANEL_WIDTH, y, FAINT, 1);
                String label = String.format(Locale.ROOT, step >= 1 ? "%.0f" : step >= .1 ? "%.1f" : "%.2f", tick);
                g.setColor(MUTED);
                g.drawString(label, left - 8 - g.getFontMetrics().stringWidth(label), (int) y + 4);
            }
        }
        int every = Math.max(1, (int) Math.ceil(epochs / 12.0));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            if (epoch == 1 || epoch % every == 0) {
                String label = Integer.toString(epoch);
                double x = x(epoch, epochs, left);
                line(x, bottom, x, bottom + 4, GREY, 1);
                g.setColor(MUTED);
                g.drawString(label, (int) x - g.getFontMetrics().stringWidth(label) / 2, bottom + 19);
            }
        }
        g.drawString("epoch", left + PANEL_WIDTH / 2 - 16, bottom + 42);
        line(left, bottom, left + PANEL_WIDTH, bottom, GREY, 1.2f);
        int row = 0;
        for (Curve curve : curves) {
            plot(curve, epochs, low, high, left, bottom);
            legend(curve, left + PANEL_WIDTH + 14, TOP + 12 + 34 * row++);
        }
    }

    private void plot(Curve curve, int epochs, double low, double high, int left, int bottom) {
        Path2D path = new Path2D.Double();
        boolean begun = false;
        for (int i = 0; i < curve.values.length; i++) {
            if (Double.isFinite(curve.values[i])) {
                double x = x(i + 1, epochs, left);
                double y = y(curve.values[i], low, high, bottom);
                if (begun) {
                    path.lineTo(x, y);
                } else {
                    path.moveTo(x, y);
                }
                begun = true;
            }
        }
        if (!begun) {
            return;
        }
        g.setColor(curve.color);
        g.setStroke(stroke(curve));
        g.draw(path);
        if (curve.values.length <= 40) {
            for (int i = 0; i < curve.values.length; i++) {
                if (Double.isFinite(curve.values[i])) {
                    double x = x(i + 1, epochs, left);
                    double y = y(curve.values[i], low, high, bottom);
                    g.fill(new Ellipse2D.Double(x - 2.6, y - 2.6, 5.2, 5.2));
                }
            }
        }
    }

    private void legend(Curve curve, int x, int y) {
        g.setColor(curve.color);
        g.setStroke(stroke(curve));
        g.draw(new Line2D.Double(x, y, x + 26, y));
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        int cut = curve.name.indexOf(" (");
        if (cut < 0) {
            g.drawString(curve.name, x + 34, y + 4);
        } else {
            g.drawString(curve.name.substring(0, cut), x + 34, y + 4);
            g.setColor(MUTED);
            g.drawString(curve.name.substring(cut + 2, curve.name.length() - 1), x + 34, y + 18);
        }
    }

    private static BasicStroke stroke(Curve curve) {
        return curve.dashed
                ? new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0)
                : new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private void line(double x1, double y1, double x2, double y2, Color color, float width) {
        g.setColor(color);
        g.setStroke(new BasicStroke(width));
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    private static double x(int epoch, int epochs, int left) {
        return epochs == 1 ? left + PANEL_WIDTH / 2.0 : left + 10 + (PANEL_WIDTH - 20.0) * (epoch - 1) / (epochs - 1);
    }

    private static double y(double value, double low, double high, int bottom) {
        return bottom - (value - low) / (high - low) * (bottom - TOP);
    }

    /** Returns 1, 2 or 5 times a power of ten, at least the given step. */
    private static double niceStep(double step) {
        if (!(step > 1e-9)) {
            return 0.1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double rest = step / power;
        return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
    }
}
