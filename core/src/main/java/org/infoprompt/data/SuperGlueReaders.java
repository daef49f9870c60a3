package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sets of FewGLUE whose rows are more than two texts and a label: COPA, MultiRC and WSC. The files are {@code train}, {@code
 * dev32} and {@code val}, SuperGLUE's validation split, which is reported on.
 *
 * <p>How a row becomes a pair follows the patterns of PET (Schick and Schütze, arXiv 2009.07118, appendix).
 */
final class SuperGlueReaders {
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private SuperGlueReaders() {}

    /** One line of a file. */
    private record Line(Path file, int number, JsonNode json) {
        String id() {
            return TaskFiles.fileName(file) + ":" + number;
        }

        DataFormatException error(String problem, String remedy) {
            return new DataFormatException(file.toString(), "line " + number, problem, remedy);
        }

        JsonNode node(JsonNode parent, String key) throws DataFormatException {
            JsonNode node = parent.get(key);
            if (node == null || node.isNull()) {
                throw error("has no \"" + key + "\"", "fetch the files again");
            }
            return node;
        }

        String text(JsonNode parent, String key) throws DataFormatException {
            JsonNode node = node(parent, key);
            String text = node.isString() ? node.stringValue().strip() : "";
            if (text.isEmpty()) {
                throw error("\"" + key + "\" is no text or empty", "fetch the files again");
            }
            return text.replaceAll("\\s+", " ");
        }

        /** Returns 0 or 1, also for false and true. */
        int label(JsonNode parent) throws DataFormatException {
            String label = node(parent, "label").asString();
            return switch (label) {
                case "0", "false" -> 0;
                case "1", "true" -> 1;
                default -> throw error("label " + label + " is neither 0 nor 1", "fetch the files again");
            };
        }
    }

    @FunctionalInterface
    private interface ToExamples {
        void add(Line line, List<Example> examples) throws DataFormatException;
    }

    /** Which of two choices is the cause or effect? Text: the premise with the question; pair: both choices. */
    static PublishedSplits copa(Path folder) throws IOException {
        return splits(folder, "COPA", (line, examples) -> {
            String question = line.text(line.json(), "question");
            String joint = switch (question) {
                case "cause" -> " because";
                case "effect" -> " so";
                default ->
                    throw line.error(
                            "question \"" + question + "\" is neither cause nor effect", "fetch the files again");
            };
            String premise = line.text(line.json(), "premise").replaceAll("[.!]+$", "");
            String choices = line.text(line.json(), "choice1") + " or " + line.text(line.json(), "choice2");
            examples.add(new Example(line.id(), premise + joint, choices, line.label(line.json())));
        });
    }

    /** Is an answer right? One example an answer: question and answer, then the passage. */
    static PublishedSplits multiRc(Path folder) throws IOException {
        return splits(folder, "MultiRC", (line, examples) -> {
            JsonNode passage = line.node(line.json(), "passage");
            String text = line.text(passage, "text");
            int number = 0;
            for (JsonNode question : line.node(passage, "questions")) {
                for (JsonNode answer : line.node(question, "answers")) {
                    number++;
                    String asked = line.text(question, "question");
                    String answered = line.text(answer, "text");
                    examples.add(
                            new Example(line.id() + "/" + number, asked + " " + answered, text, line.label(answer)));
                }
            }
        });
    }

    /**
     * Does the pronoun mean the noun? The pronoun stands between stars. FewGLUE's train holds right rows only, because PET
     * generates the noun; so train is {@code train} and {@code dev32} together, and dev is carved from it.
     */
    static PublishedSplits wsc(Path folder) throws IOException {
        PublishedSplits splits = splits(folder, "WSC", (line, examples) -> {
            JsonNode target = line.node(line.json(), "target");
            String pronoun = line.text(target, "span2_text");
            String marked = marked(line, line.text(line.json(), "text"), pronoun, line.node(target, "span2_index"));
            String claim = "The pronoun *" + pronoun + "* refers to " + line.text(target, "span1_text") + ".";
            examples.add(new Example(line.id(), marked, claim, line.label(line.json())));
        });
        List<Example> train = new ArrayList<>(splits.train());
        train.addAll(splits.dev());
        return new PublishedSplits(train, List.of(), splits.test());
    }

    /** Puts stars around the word whose number is given; a number that is one off, as in one row of train, is put right. */
    private static String marked(Line line, String text, String pronoun, JsonNode index) throws DataFormatException {
        String[] words = text.split(" ", -1);
        int given = index.isIntegralNumber() ? index.intValue() : -1;
        for (int i : new int[] {given, given + 1, given - 1}) {
            if (i >= 0 && i < words.length && bare(words[i]).equals(bare(pronoun))) {
                int start = words[i].toLowerCase(Locale.ROOT).indexOf(bare(pronoun));
                int end = start + bare(pronoun).length();
                words[i] = words[i].substring(0, start) + "*" + words[i].substring(start, end) + "*"
                        + words[i].substring(end);
                return String.join(" ", words);
            }
        }
        throw line.error("word " + given + " is not the pronoun \"" + pronoun + "\"", "fetch the files again");
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
    }

    private static PublishedSplits splits(Path folder, String name, ToExamples toExamples) throws IOException {
        Path own = Files.isDirectory(folder.resolve(name)) ? folder.resolve(name) : folder;
        return new PublishedSplits(
                rows(TaskFiles.required(own, "train.jsonl"), toExamples),
                rows(TaskFiles.required(own, "dev32.jsonl"), toExamples),
                rows(TaskFiles.required(own, "val.jsonl"), toExamples));
    }

    private static List<Example> rows(Path file, ToExamples toExamples) throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> lines = TaskFiles.lines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                toExamples.add(new Line(file, i + 1, object(file, i + 1, lines.get(i))), examples);
            }
        }
        return examples;
    }

    private static JsonNode object(Path file, int number, String text) throws DataFormatException {
        String remedy = "write one object {...} a line";
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.isObject()) {
                return json;
            }
            throw new DataFormatException(file.toString(), "line " + number, "is not a JSON object", remedy);
        } catch (JacksonException e) {
            throw new DataFormatException(
                    file.toString(), "line " + number, "is not valid JSON: " + e.getOriginalMessage(), remedy, e);
        }
    }
}
