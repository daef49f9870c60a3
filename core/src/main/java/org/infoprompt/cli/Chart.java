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
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Small panels of the same methods side by side, with one legend below. Works without a screen. */
final class Chart {
    private static final int PANEL_WIDTH = 330;
    private static final int PANEL_HEIGHT = 230;
    private static final int GAP_X = 70;
    private static final int GAP_Y = 78;
    private static final int LEFT = 64;
    private static final int TOP = 84;
    private static final int MAX_COLUMNS = 3;
    private static final int LEGEND_ROW = 22;
    private static final Color INK = new Color(0x22, 0x2b, 0x36);
    private static final Color FAINT = new Color(0xe3, 0xe7, 0xec);
    private static final Color MUTED = new Color(0x62, 0x6d, 0x7a);
    private static final Color[] PALETTE = {
        new Color(0x1f, 0x6f, 0xb4), new Color(0xd9, 0x6b, 0x0b), new Color(0x2b, 0x8a, 0x3e),
        new Color(0xb5, 0x2a, 0x3a), new Color(0x7b, 0x4b, 0xb3), new Color(0x8c, 0x5a, 0x3c),
        new Color(0xc0, 0x4d, 0x9c), new Color(0x55, 0x5f, 0x6b), new Color(0x96, 0x8c, 0x12),
        new Color(0x16, 0x96, 0xa6)
    };

    /**
     * A point; whiskers are drawn where spread is positive.
     *
     * @param x place
     * @param y value
     * @param spread half the length of the whiskers
     */
    record Point(double x, double y, double spread) {}

    /**
     * One method's points in a panel.
     *
     * @param method index of the method in the legend
     * @param points from left to right
     * @param joined whether a line joins them
     */
    record Series(int method, List<Point> points, boolean joined) {}

    /**
     * One panel.
     *
     * @param title above it
     * @param xName below it
     * @param names texts of the places 0, 1, 2 ..., or none for numbers
     * @param series what it shows
     */
    record Panel(String title, String xName, List<String> names, List<Series> series) {}

    private final Graphics2D g;

    private Chart(Graphics2D g) {
        this.g = g;
    }

    /**
     * Draws.
     *
     * @param title above all panels
     * @param panels at least one
     * @param methods the legend
     * @return the bytes of a PNG file
     */
    static byte[] png(String title, List<Panel> panels, List<String> methods) {
        int columns = Math.min(MAX_COLUMNS, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        int width = Math.max(720, LEFT + columns * (PANEL_WIDTH + GAP_X));
        int legendColumns = Math.max(1, (width - LEFT) / 330);
        int legendRows = (methods.size() + legendColumns - 1) / legendColumns;
        int height = TOP + rows * (PANEL_HEIGHT + GAP_Y) + legendRows * LEGEND_ROW + 16;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.setColor(INK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 19));
            graphics.drawString(title, LEFT, 34);
            Chart chart = new Chart(graphics);
            for (int i = 0; i < panels.size(); i++) {
                chart.panel(
                        panels.get(i),
                        LEFT + i % columns * (PANEL_WIDTH + GAP_X),
                        TOP + i / columns * (PANEL_HEIGHT + GAP_Y));
            }
            for (int i = 0; i < methods.size(); i++) {
                chart.legend(
                        methods.get(i),
                        i,
                        LEFT + i % legendColumns * 330,
                        TOP + rows * (PANEL_HEIGHT + GAP_Y) + i / legendColumns * LEGEND_ROW);
            }
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

    private void panel(Panel panel, int left, int top) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        TreeSet<Double> places = new TreeSet<>();
        for (Series series : panel.series) {
            for (Point p : series.points) {
                if (Double.isFinite(p.y)) {
                    low = Math.min(low, p.y - p.spread);
                    high = Math.max(high, p.y + p.spread);
                    places.add(p.x);
                }
            }
        }
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        g.drawString(panel.title, left, top - 10);
        int bottom = top + PANEL_HEIGHT;
        line(left, bottom, left + PANEL_WIDTH, bottom, MUTED, 1.2f);
        if (places.isEmpty()) {
            return;
        }
        double step = niceStep((high - low) / 4);
        low = Math.floor(low / step + 1e-9) * step;
        high = Math.max(low + step, Math.ceil(high / step - 1e-9) * step);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (double tick = low; tick <= high + step / 2; tick += step) {
            double y = y(tick, low, high, top);
            line(left, y, left + PANEL_WIDTH, y, FAINT, 1);
            String text = String.format(Locale.ROOT, step >= 1 ? "%.0f" : step >= .1 ? "%.1f" : "%.2f", tick);
            g.setColor(MUTED);
            g.drawString(text, left - 8 - g.getFontMetrics().stringWidth(text), (int) y + 4);
        }
        double first = places.getFirst();
        double last = places.getLast();
        int count = 0;
        int every = Math.max(1, places.size() / 10);
        for (double place : places) {
            if (count++ % every != 0) {
                continue;
            }
            int at = (int) Math.round(place);
            String text = panel.names.isEmpty() || at < 0 || at >= panel.names.size()
                    ? String.format(Locale.ROOT, "%.0f", place)
                    : panel.names.get(at);
            double x = x(place, first, last, left);
            line(x, bottom, x, bottom + 4, MUTED, 1);
            g.setColor(MUTED);
            g.drawString(text, (int) x - g.getFontMetrics().stringWidth(text) / 2, bottom + 18);
        }
        g.drawString(panel.xName, left + (PANEL_WIDTH - g.getFontMetrics().stringWidth(panel.xName)) / 2, bottom + 38);
        for (Series series : panel.series) {
            plot(series, first, last, low, high, left, top);
        }
    }

    private void plot(Series series, double first, double last, double low, double high, int left, int top) {
        Color color = PALETTE[series.method % PALETTE.length];
        Path2D path = new Path2D.Double();
        boolean begun = false;
        for (Point p : series.points) {
            if (!Double.isFinite(p.y)) {
                continue;
            }
            double x = x(p.x, first, last, left);
            double y = y(p.y, low, high, top);
            if (begun) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
            }
            begun = true;
            if (p.spread > 0) {
                line(x, y(p.y - p.spread, low, high, top), x, y(p.y + p.spread, low, high, top), color, 1);
            }
            if (series.points.size() <= 40) {
                g.setColor(color);
                g.fill(new Ellipse2D.Double(x - 2.8, y - 2.8, 5.6, 5.6));
            }
        }
        if (series.joined && begun) {
            g.setColor(color);
            g.setStroke(stroke(series.method));
            g.draw(path);
        }
    }

    private void legend(String name, int method, int x, int y) {
        g.setColor(PALETTE[method % PALETTE.length]);
        g.setStroke(stroke(method));
        g.draw(new Line2D.Double(x, y, x + 26, y));
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.drawString(name.length() > 44 ? name.substring(0, 43) + "…" : name, x + 34, y + 4);
    }

    /** More methods than colours: the second round is dashed. */
    private static BasicStroke stroke(int method) {
        return method < PALETTE.length
                ? new BasicStroke(2.1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                : new BasicStroke(2.1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);
    }

    private void line(double x1, double y1, double x2, double y2, Color color, float width) {
        g.setColor(color);
        g.setStroke(new BasicStroke(width));
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    private static double x(double place, double first, double last, int left) {
        return last <= first
                ? left + PANEL_WIDTH / 2.0
                : left + 14 + (PANEL_WIDTH - 28.0) * (place - first) / (last - first);
    }

    private static double y(double value, double low, double high, int top) {
        return top + PANEL_HEIGHT - (value - low) / (high - low) * PANEL_HEIGHT;
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
