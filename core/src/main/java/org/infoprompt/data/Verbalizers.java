package org.infoprompt.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Label words and templates of the built-in tasks, as papers state them. The words start the class head's rows; the templates,
 * with {@code <a>} and {@code <b>} for the texts and {@code [MASK]} for the word, document how they are meant to be read, because
 * soft prompts stand in their place.
 *
 * <p>Sources. LM-BFF: Gao, Fisch and Chen, arXiv 2012.15723, table 1. PET: Schick and Schütze, arXiv 2009.07118, appendix. WARP:
 * Hambardzumyan et al., arXiv 2101.00121, its released code. IPT: arXiv 2206.01958, its released code.
 */
public final class Verbalizers {
    /**
     * Label words and template of one task.
     *
     * @param words one word a label, in label order
     * @param template how a sentence is made of the texts and the word
     * @param source the paper, in short
     */
    public record Verbalizer(List<String> words, String template, String source) {
        /** Copies the words. */
        public Verbalizer {
            words = List.copyOf(words);
        }
    }

    private static final String LM_BFF = "LM-BFF";
    private static final String PET = "PET";

    private static final Map<String, Verbalizer> TABLE = Map.ofEntries(
            entry("cola", LM_BFF, "<a> This is [MASK] .", "incorrect", "correct"),
            entry("sst2", LM_BFF, "<a> It was [MASK] .", "terrible", "great"),
            entry("mpqa", LM_BFF, "<a> It was [MASK] .", "terrible", "great"),
            entry("amazon", LM_BFF + " (its words for reviews)", "<a> It was [MASK] .", "terrible", "great"),
            entry("mrpc", LM_BFF, "<a> [MASK] , <b>", "No", "Yes"),
            entry("rte", "WARP", "\" <a> \" ? [MASK] , <b> !", "yes", "instead"),
            entry("trec", LM_BFF, "[MASK] : <a>", "Expression", "Description", "Entity", "Human", "Location", "Number"),
            entry("fewglue-rte", "WARP", "\" <a> \" ? [MASK] , <b> !", "yes", "instead"),
            entry("fewglue-cb", PET, "<a> ? [MASK] , <b>", "no", "yes", "maybe"),
            entry("fewglue-boolq", PET, "<b> Question: <a> ? Answer: [MASK] .", "no", "yes"),
            entry("fewglue-wic", "IPT", "<a> / <b> Similar sense of the word? [MASK] .", "no", "yes"),
            entry("fewglue-multirc", "IPT", "<b> <a> [MASK]", "No", "Yes"));

    private Verbalizers() {}

    /**
     * Finds a task's label words.
     *
     * @param task the task's name, in upper or lower case
     * @param labels the labels at hand; data of one's own may have the name of a built-in task, but not its labels
     * @return words, template and source, if a paper gives them for the built-in task with these labels
     */
    public static Optional<Verbalizer> find(String task, List<String> labels) {
        String name = task.toLowerCase(Locale.ROOT);
        boolean same = Tasks.known().stream()
                .anyMatch(info -> info.name().equals(name) && info.labels().equals(labels));
        return same ? Optional.ofNullable(TABLE.get(name)) : Optional.empty();
    }

    /**
     * Lists the tasks whose label words a paper gives.
     *
     * @return their names, sorted
     */
    public static List<String> tasks() {
        return TABLE.keySet().stream().sorted().toList();
    }

    private static Map.Entry<String, Verbalizer> entry(String task, String source, String template, String... words) {
        return Map.entry(task, new Verbalizer(List.of(words), template, source));
    }
}
