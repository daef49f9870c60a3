package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.infoprompt.metric.Metric;
import org.infoprompt.metric.SpanCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The built-in tasks on the files of their authors, where those are at hand. */
class PublishedTasksTest {
    static final List<String> NAMES = Tasks.known().stream().map(TaskInfo::name).toList();

    @ParameterizedTest
    @CsvSource({
        "wordnet-supersense, 9600, 0, 2400",
        "cola, 8551, 527, 516",
        "rte, 2490, 277, 0",
        "mrpc, 4076, 0, 1725",
        "sst2, 67349, 872, 1821",
        "trec, 5452, 0, 500",
        "trec-fine, 5452, 0, 500",
        "semeval2010-task8, 8000, 0, 2717",
        // 10606 lines, of which 3 are blank
        "mpqa, 10603, 0, 0",
        "snips, 13084, 700, 700",
        "amazon, 1000, 0, 0",
        // sentences
        "wnut17, 3394, 1009, 1287",
        "fewglue-rte, 32, 32, 277",
        "fewglue-cb, 32, 32, 56",
        "fewglue-boolq, 32, 32, 3270",
        "fewglue-wic, 32, 32, 638",
        "fewglue-copa, 32, 32, 100",
        // answers, not questions
        "fewglue-multirc, 154, 167, 4848",
        // train and dev32 together
        "fewglue-wsc, 64, 0, 104",
    })
    void hasTheOfficialNumberOfRows(String task, int train, int dev, int test) throws IOException {
        Dataset dataset = Tasks.loadPublished(task, SharedData.folderOf(task));
        assertThat(dataset.train()).hasSize(train);
        assertThat(dataset.dev()).hasSize(dev);
        assertThat(dataset.test()).hasSize(test);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void loadsReadyToTrainOn(String task) throws IOException {
        Dataset published = Tasks.loadPublished(task, SharedData.folderOf(task));
        Dataset dataset = Splits.complete(published, Splits.DEFAULT_SEED);
        TaskInfo info = Tasks.info(task);
        assertThat(dataset.isPair()).isEqualTo(info.pair());
        assertThat(dataset.labels()).isEqualTo(info.labels());
        assertThat(dataset.train()).isNotEmpty();
        assertThat(dataset.dev()).isNotEmpty();
        assertThat(dataset.test()).isNotEmpty();
        assertThat(dataset.train().size()
                        + dataset.dev().size()
                        + dataset.test().size())
                .isEqualTo(published.train().size()
                        + published.dev().size()
                        + published.test().size());
        Set<Integer> classes = new HashSet<>();
        List<String> odd = new ArrayList<>();
        for (List<Example> split : List.of(dataset.train(), dataset.dev(), dataset.test())) {
            for (Example example : split) {
                if (info.metric() == Metric.SPAN_F1) {
                    classes.addAll(example.tags());
                } else {
                    classes.add(example.label());
                }
                String text = example.text();
                if (text.isBlank()
                        || !text.equals(text.strip())
                        || text.chars().anyMatch(c -> "\t\n\r\uFEFF".indexOf(c) >= 0)) {
                    odd.add(example.id());
                }
            }
        }
        assertThat(odd).isEmpty();
        assertThat(classes).hasSize(info.labels().size());
    }

    @Test
    void quotesOfMrpcAreLiteral() throws IOException {
        Dataset mrpc = Tasks.loadPublished("mrpc", SharedData.folderOf("mrpc"));
        assertThat(mrpc.train().getFirst().text())
                .isEqualTo("Amrozi accused his brother, whom he called \"the witness\", of deliberately distorting his "
                        + "evidence.");
        assertThat(mrpc.train().stream().filter(row -> row.label() == 1)).hasSize(2753);
        assertThat(mrpc.metric()).isEqualTo(Metric.F1);
        assertThat(mrpc.test().getLast().id()).isEqualTo("msr_paraphrase_test.txt:1726");
    }

    @Test
    void lettersOfTrecAreLatin1() throws IOException {
        Dataset trec = Tasks.loadPublished("trec", SharedData.folderOf("trec"));
        assertThat(trec.train().get(65).text())
                .isEqualTo("Which city has the oldest relationship as a sister\u00f0city with Los Angeles ?");
        assertThat(trec.train().getFirst().label()).isEqualTo(trec.labels().indexOf("description"));
    }

    /** CoLA and MRPC hold a few backspaces and the like; what to do with them is the tokenizer's decision. */
    @Test
    void controlCharactersInsideATextStay() throws IOException {
        Dataset cola = Tasks.loadPublished("cola", SharedData.folderOf("cola"));
        assertThat(cola.train().get(7129).text())
                .isEqualTo("This girl in the red coat will put \ba picture of Bill it on your desk before tomorrow.");
    }

    @Test
    void quotesAndMarkersOfSemEvalStay() throws IOException {
        Dataset relations = Tasks.loadPublished("semeval2010-task8", SharedData.folderOf("semeval2010-task8"));
        assertThat(relations.test().getFirst())
                .isEqualTo(new Example(
                        "TEST_FILE_FULL.TXT:1",
                        "The most common <e1>audits</e1> were about <e2>waste</e2> and recycling.",
                        null,
                        relations.labels().indexOf("Message-Topic(e1,e2)")));
        assertThat(relations.test().get(329).text())
                .endsWith("response was \"In your fine verse there is something more " + "than fine verse.\"");
        assertThat(relations.test().stream().filter(row -> row.label() == 18)).hasSize(454);
    }

    @Test
    void wordsOfWnutAreTagged() throws IOException {
        Dataset wnut = Tasks.loadPublished("wnut17", SharedData.folderOf("wnut17"));
        Example first = wnut.train().getFirst();
        assertThat(first.text()).startsWith("@paulwalk It 's the view from where I 'm living for two weeks . Empire");
        int empire = List.of(first.text().split(" ")).indexOf("Empire");
        assertThat(first.tags().subList(empire, empire + 3))
                .containsExactly(
                        wnut.labels().indexOf("B-location"),
                        wnut.labels().indexOf("I-location"),
                        wnut.labels().indexOf("I-location"));
        assertThat(wnut.metric()).isEqualTo(Metric.SPAN_F1);
        assertThat(wnut.isTagged()).isTrue();
        int spans = 0;
        for (Example example : wnut.test()) {
            spans += SpanCounter.spans(
                            example.tags().stream().map(wnut.labels()::get).toList())
                    .size();
        }
        assertThat(spans).as("entities of the test file").isEqualTo(1079);
    }

    @Test
    void rowsOfSuperGlueBecomePairs() throws IOException {
        Dataset copa = Tasks.loadPublished("fewglue-copa", SharedData.folderOf("fewglue-copa"));
        assertThat(copa.train().getFirst())
                .isEqualTo(new Example(
                        "train.jsonl:1",
                        "The chandelier shattered on the floor because",
                        "The chandelier dropped from the ceiling. or The chandelier's lights flickered on and off.",
                        0));
        assertThat(copa.test().stream().filter(row -> row.label() == 1)).hasSize(45);
        Dataset multiRc = Tasks.loadPublished("fewglue-multirc", SharedData.folderOf("fewglue-multirc"));
        assertThat(multiRc.test().stream().filter(row -> row.label() == 1)).hasSize(2075);
        assertThat(multiRc.train().getFirst().id()).isEqualTo("train.jsonl:1/1");
        assertThat(multiRc.train().getFirst().pair()).startsWith("A stranger in town meets pretty young Susan");
        Dataset wsc = Tasks.loadPublished("fewglue-wsc", SharedData.folderOf("fewglue-wsc"));
        assertThat(wsc.train().getFirst().text()).contains("because she figured *it* was easier to pronounce");
        assertThat(wsc.train().getFirst().pair()).isEqualTo("The pronoun *it* refers to Tina.");
        for (List<Example> split : List.of(wsc.train(), wsc.test())) {
            assertThat(split)
                    .allMatch(row -> row.text().chars().filter(c -> c == '*').count() == 2);
        }
    }

    @Test
    void carvedSplitsAreTheSameEverywhere() throws IOException {
        Dataset trec = Tasks.load("trec", SharedData.folderOf("trec"));
        assertThat(trec.train().size() + trec.dev().size()).isEqualTo(5452);
        assertThat(trec.dev().size()).isBetween(530, 560);
        assertThat(texts(trec.train())).doesNotContainAnyElementsOf(texts(trec.dev()));
        Dataset amazon = Tasks.load("amazon", SharedData.folderOf("amazon"));
        assertThat(amazon.test()).hasSize(200);
        assertThat(amazon.dev()).hasSize(80);
    }

    private static List<String> texts(List<Example> examples) {
        return examples.stream().map(Example::text).toList();
    }

    /** The published files beside the checkout. */
    static final class SharedData {
        private SharedData() {}

        static Path folderOf(String task) {
            String name = task.startsWith("fewglue-")
                    ? "superglue_fewglue32"
                    : switch (task) {
                        case "wordnet-supersense" -> "wordnet_supersense12";
                        case "semeval2010-task8" -> "semeval2010_task8";
                        case "amazon" -> "amazon_cells";
                        case "trec-fine" -> "trec";
                        default -> task;
                    };
            Path folder = Path.of("..", "..", "shared", "data", name).normalize();
            assumeTrue(Files.isDirectory(folder), "the published files are not at " + folder.toAbsolutePath());
            return folder;
        }
    }
}
