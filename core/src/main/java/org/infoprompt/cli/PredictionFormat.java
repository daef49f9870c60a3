package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.infoprompt.session.Prediction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes predictions for people, as JSON lines, or as rows of a TSV file. */
final class PredictionFormat {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<String> labels;
    private final int top;

    /**
     * Creates a format.
     *
     * @param labels class names, in class order
     * @param top how many classes to show
     */
    PredictionFormat(List<String> labels, int top) {
        this.labels = labels;
        this.top = Math.min(top, labels.size());
    }

    /** Returns a line: the labels with their probabilities, the most probable first. */
    String plain(Prediction prediction) {
        if (isNumber()) {
            return labels.getFirst() + "  " + prediction.label();
        }
        StringBuilder text = new StringBuilder();
        for (int k : best(prediction)) {
            text.append(text.isEmpty() ? "" : "  ")
                    .append(labels.get(k))
                    .append("  ")
                    .append(number(prediction.probabilities().get(k), 4));
        }
        return text.toString();
    }

    /** Returns a line of JSON. */
    String json(Prediction prediction) {
        ObjectNode root = MAPPER.createObjectNode();
        if (isNumber()) {
            root.put(labels.getFirst(), prediction.value());
            return MAPPER.writeValueAsString(root);
        }
        root.put("label", prediction.label());
        root.put("probability", prediction.confidence());
        if (top > 1) {
            ObjectNode all = root.putObject("probabilities");
            for (int k : best(prediction)) {
                all.put(labels.get(k), prediction.probabilities().get(k));
            }
        }
        return MAPPER.writeValueAsString(root);
    }

    /** Returns a text's words with their tags: a line each and a blank line, or one line of JSON. */
    static String tagged(String text, List<String> tags, boolean json) {
        String[] words = text.split(" ", -1);
        if (json) {
            ObjectNode root = MAPPER.createObjectNode();
            ArrayNode named = root.putArray("words");
            ArrayNode tagged = root.putArray("tags");
            for (int w = 0; w < words.length; w++) {
                named.add(words[w]);
                tagged.add(tags.get(w));
            }
            return MAPPER.writeValueAsString(root) + "\n";
        }
        StringBuilder lines = new StringBuilder();
        for (int w = 0; w < words.length; w++) {
            lines.append(words[w]).append('\t').append(tags.get(w)).append('\n');
        }
        return lines.append('\n').toString();
    }

    /** Returns the header line of a TSV file. */
    String header() {
        if (isNumber()) {
            return cell(labels.getFirst());
        }
        List<String> cells = new ArrayList<>(List.of("label", "probability"));
        labels.forEach(label -> cells.add("p(" + cell(label) + ")"));
        return String.join("\t", cells);
    }

    /** Returns a line of a TSV file: label, its probability, all probabilities in class order. */
    String row(Prediction prediction) {
        if (isNumber()) {
            return prediction.label();
        }
        List<String> cells = new ArrayList<>(List.of(cell(prediction.label()), number(prediction.confidence(), 6)));
        prediction.probabilities().forEach(p -> cells.add(number(p, 6)));
        return String.join("\t", cells);
    }

    /** A single class is a number. */
    private boolean isNumber() {
        return labels.size() == 1;
    }

    private List<Integer> best(Prediction prediction) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < labels.size(); k++) {
            order.add(k);
        }
        order.sort(Comparator.comparingDouble(k -> -prediction.probabilities().get(k)));
        return order.subList(0, top);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String cell(String text) {
        return text.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
    }
}
