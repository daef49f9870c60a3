package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quirks of every published layout, in files of a few rows. */
class TaskQuirksTest {
    @TempDir
    private Path folder;

    @Test
    void colaHasNoHeaderAndMayLackTheLastLineEnd() throws IOException {
        write("in_domain_train.tsv", "gj04\t1\t\tIt \"works\".\nks08\t0\t*\tThem runs.\n");
        write("in_domain_dev.tsv", "gj04\t0\t?*\tIt work.\n");
        write("out_of_domain_dev.tsv", "clc95\t1\t \tSomebody left.");
        Dataset cola = Tasks.load("CoLA", folder);
        assertThat(cola.train())
                .containsExactly(
                        new Example("in_domain_train.tsv:1", "It \"works\".", null, 1),
                        new Example("in_domain_train.tsv:2", "Them runs.", null, 0));
        assertThat(cola.test()).containsExactly(new Example("out_of_domain_dev.tsv:1", "Somebody left.", null, 1));
        assertThat(cola.metric()).isEqualTo(Metric.MATTHEWS);
        assertThat(cola.isPair()).isFalse();
    }

    @Test
    void colaIsAlsoReadAsGlueNamesIt() throws IOException {
        write("train.tsv", "a\t1\t\tA b.\na\t0\t*\tC d.\na\t1\t\tE f.\na\t0\t*\tG h.\n");
        write("dev.tsv", "a\t0\t*\tX y.\n");
        Dataset cola = Tasks.load("cola", folder);
        assertThat(cola.train()).hasSize(2);
        assertThat(cola.dev()).hasSize(2);
        assertThat(cola.test()).hasSize(1);
        assertThat(cola.source()).contains("the published dev split is the test split", "dev: 2 rows carved");
    }

    @Test
    void mrpcHasAByteOrderMarkCarriageReturnsAndLiteralQuotes() throws IOException {
        String header = "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n";
        write("msr_paraphrase_train.txt", header + "1\t1\t2\t\"Yes\", he said.\tHe said \"yes\r\n0\t3\t4\t\"\tB\r\n");
        write("msr_paraphrase_test.txt", header + "1\t5\t6\tC\tD\r\n\r\n");
        Dataset mrpc = Tasks.loadPublished("mrpc", folder);
        assertThat(mrpc.train())
                .containsExactly(
                        new Example("msr_paraphrase_train.txt:2", "\"Yes\", he said.", "He said \"yes", 1),
                        new Example("msr_paraphrase_train.txt:3", "\"", "B", 0));
        assertThat(mrpc.test()).containsExactly(new Example("msr_paraphrase_test.txt:2", "C", "D", 1));
        assertThat(mrpc.isPair()).isTrue();
    }

    @Test
    void rteReportsOnThePublishedDevSplit() throws IOException {
        String header = "index\tsentence1\tsentence2\tlabel\n";
        write("train.tsv", header + "0\tA\tB\tentailment\n1\tC\tD\tnot_entailment\n2\tE\tF\tentailment\n");
        write("dev.tsv", header + "0\tG\tH\tnot_entailment\n");
        Dataset published = Tasks.loadPublished("rte", folder);
        Dataset ready = Tasks.load("rte", folder);
        assertThat(published.test()).isEmpty();
        assertThat(ready.test()).isEqualTo(published.dev());
        assertThat(ready.dev()).hasSize(1);
        assertThat(ready.train()).hasSize(2);
    }

    @Test
    void sst2WithoutLabelledTestReportsOnDev() throws IOException {
        write("train.tsv", "sentence\tlabel\ngood \t1\nbad \t0\nfine \t1\npoor \t0\n");
        write("dev.tsv", "sentence\tlabel\nnice\t1\n");
        assertThat(Tasks.load("sst2", folder).test()).hasSize(1);
        write("test-labeled.tsv", "sentence\tlabel\r\nso so\t0\r\n");
        Dataset sst2 = Tasks.load("sst2", folder);
        assertThat(sst2.test()).containsExactly(new Example("test-labeled.tsv:2", "so so", null, 0));
        assertThat(sst2.train().getFirst().text()).isEqualTo("good");
        assertThat(sst2.dev()).hasSize(1);
    }

    @Test
    void trecIsLatin1WithLabelAndTextInOneColumn() throws IOException {
        write("train_5500.label", "LOC:city Which sister\u00f0city ?\nNUM:date When ?\n", StandardCharsets.ISO_8859_1);
        write("TREC_10.label", "NUM:dist How far ?\n");
        Dataset coarse = Tasks.loadPublished("trec", folder);
        assertThat(coarse.train().getFirst())
                .isEqualTo(new Example("train_5500.label:1", "Which sister\u00f0city ?", null, 4));
        assertThat(coarse.labels().get(4)).isEqualTo("location");
        Dataset fine = Tasks.loadPublished("trec-fine", folder);
        assertThat(fine.labels()).hasSize(50);
        assertThat(fine.labels().get(fine.train().getFirst().label())).isEqualTo("LOC:city");
        write("TREC_10.label", "NUM:dist How far ?\nNUM How far ?\n");
        assertFails("trec", "TREC_10.label, line 2: is not 'COARSE:fine question'; ");
        write("TREC_10.label", "SUM:dist How far ?\n");
        assertFails("trec", "TREC_10.label, line 1: unknown label 'SUM'; the labels are: ABBR, DESC, ");
    }

    @Test
    void semEvalHasRecordsOfSeveralLines() throws IOException {
        write(
                "TRAIN_FILE.TXT",
                String.join(
                        "\r\n",
                        "1\t\"The <e1>a</e1> said \"no <e2>b</e2>.\"\"",
                        "Cause-Effect(e2,e1)",
                        "Comment: a \"b\"",
                        "",
                        "2\t\"An <e1>x</e1> <e2>y</e2>\"",
                        "Other",
                        ""));
        write("TEST_FILE_FULL.TXT", "8001\t\"<e1>x</e1> of <e2>y</e2>\"\nEntity-Origin(e1,e2)\nComment:");
        Dataset relations = Tasks.loadPublished("semeval2010-task8", folder);
        assertThat(relations.train())
                .containsExactly(
                        new Example("TRAIN_FILE.TXT:1", "The <e1>a</e1> said \"no <e2>b</e2>.\"", null, 1),
                        new Example("TRAIN_FILE.TXT:5", "An <e1>x</e1> <e2>y</e2>", null, 18));
        assertThat(relations.test()).hasSize(1);
        write("TEST_FILE_FULL.TXT", "8001\t\"<e1>x</e1> of <e2>y</e2>\"\n\n");
        assertFails("semeval2010-task8", "line 2: the relation of the sentence above is missing");
        write("TEST_FILE_FULL.TXT", "8001\t\"x of <e2>y</e2>\"\nOther\n");
        assertFails("semeval2010-task8", "TEST_FILE_FULL.TXT, line 1: the sentence has no <e1>; mark both entities");
        write("TEST_FILE_FULL.TXT", "8001 \"<e1>x</e1> of <e2>y</e2>\"\nOther\n");
        assertFails("semeval2010-task8", "line 1: is not a number, a tab and a sentence in quotes");
        write("TEST_FILE_FULL.TXT", "8001\t\"<e1>x</e1> of <e2>y</e2>\"\nOther\nComment:\n8002\t\"\"\n");
        assertFails("semeval2010-task8", "line 4: a blank line must end the record; add one");
    }

    @Test
    void mpqaHasAFilePerClassAndBlankLines() throws IOException {
        write("mpqa.neg", "bad\n\nworse\nbadly\npoor\n\n");
        write("mpqa.pos", "good\nbetter\nfine\nnice\n\n");
        Dataset mpqa = Tasks.loadPublished("mpqa", folder);
        assertThat(mpqa.train()).hasSize(8);
        assertThat(mpqa.train().get(1)).isEqualTo(new Example("mpqa.neg:3", "worse", null, 0));
        Dataset ready = Tasks.load("mpqa", folder);
        assertThat(ready.test()).hasSize(2);
        assertThat(ready.dev()).hasSize(2);
        assertThat(ready.train()).hasSize(4);
    }

    @Test
    void snipsHasTextAndIntentInFilesSideBySide() throws IOException {
        for (String split : new String[] {"train", "valid", "test"}) {
            Files.createDirectories(folder.resolve(split));
            write(split + "/seq.in", "play  it \nbook it\n");
            write(split + "/label", "PlayMusic\nBookRestaurant\n");
        }
        Dataset snips = Tasks.load("snips", folder);
        assertThat(snips.train().getFirst()).isEqualTo(new Example("train/seq.in:1", "play  it", null, 3));
        write("test/label", "PlayMusic\n");
        assertFails("snips", "label: has 1 lines, seq.in has 2; fetch both files again");
    }

    @Test
    void amazonHasNoHeaderAndLiteralQuotes() throws IOException {
        write("amazon_cells_labelled.txt", "\"Great\" phone.\t1\nBad \"case.\t0\n");
        assertThat(Tasks.loadPublished("amazon", folder).train())
                .containsExactly(
                        new Example("amazon_cells_labelled.txt:1", "\"Great\" phone.", null, 1),
                        new Example("amazon_cells_labelled.txt:2", "Bad \"case.", null, 0));
    }

    @Test
    void fewGlueTakesTheTaskFolderOrTheOneAboveIt() throws IOException {
        Path own = Files.createDirectories(folder.resolve("WiC"));
        String row = "{\"word\": \"class\", \"sentence1\": \"A caf\\u00e9 class.\", \"sentence2\": \"No class.\", "
                + "\"idx\": 1, \"label\": %s, \"start1\": 2}\n";
        for (String name : new String[] {"train", "dev32", "val"}) {
            write("WiC/" + name + ".jsonl", row.formatted("true") + row.formatted("false"));
        }
        Dataset wic = Tasks.load("fewglue-wic", folder);
        assertThat(wic.train().getFirst())
                .isEqualTo(new Example("train.jsonl:1", "class: A caf\u00e9 class.", "No class.", 1));
        assertThat(wic.labels()).containsExactly("different", "same");
        assertThat(Tasks.load("fewglue-wic", own).sha256()).isEqualTo(wic.sha256());
    }

    @Test
    void wnutHasWordsAndTagsAndBlankLinesOfWhiteSpace() throws IOException {
        write("wnut17train.conll", "The\tO\nBig Apple\tB-location\n\n\n\u00e9t\u00e9\tO");
        write("emerging.dev.conll", "A\tO\n\t\nB\tI-person\n\uFEFF\n");
        write("emerging.test.annotated", "A\tB-group\r\n \r\n");
        Dataset wnut = Tasks.load("wnut17", folder);
        assertThat(wnut.train())
                .containsExactly(
                        new Example("wnut17train.conll:1", "The Big_Apple", null, 0, List.of(0, 7)),
                        new Example("wnut17train.conll:5", "\u00e9t\u00e9", null, 0, List.of(0)));
        assertThat(wnut.dev()).extracting(Example::id).containsExactly("emerging.dev.conll:1", "emerging.dev.conll:3");
        assertThat(wnut.test().getFirst().tags()).containsExactly(wnut.labels().indexOf("B-group"));
        write("wnut17train.conll", "The\tO\nBig\n");
        assertFails("wnut17", "wnut17train.conll, line 2: is not a word, a tab and a tag O, B-TYPE or I-TYPE");
        write("wnut17train.conll", "The\tLOC\n");
        assertFails("wnut17", "wnut17train.conll, line 1: is not a word, a tab and a tag");
        write("wnut17train.conll", "The\tB-animal\n");
        assertFails("wnut17", "wnut17train.conll, line 1: ");
        write("wnut17train.conll", "\n\uFEFF\n");
        assertFails("wnut17", "wnut17train.conll: has no words");
    }

    @Test
    void superGlueRowsThatCannotBeUsedAreNamed() throws IOException {
        String good =
                "{\"premise\": \"It rained.\", \"choice1\": \"A.\", \"choice2\": \"B.\", \"question\": \"cause\", "
                        + "\"label\": 1}\n";
        write("dev32.jsonl", good);
        write("val.jsonl", good);
        write("train.jsonl", good + good.replace("1}", "0}") + "\n");
        assertThat(Tasks.load("fewglue-copa", folder).train().getFirst())
                .isEqualTo(new Example("train.jsonl:1", "It rained because", "A. or B.", 1));
        write("train.jsonl", good + good.replace("cause", "why"));
        assertFails("fewglue-copa", "train.jsonl, line 2: question \"why\" is neither cause nor effect");
        write("train.jsonl", good.replace("1}", "2}"));
        assertFails("fewglue-copa", "train.jsonl, line 1: label 2 is neither 0 nor 1");
        write("train.jsonl", good.replace("choice2", "choice3"));
        assertFails("fewglue-copa", "train.jsonl, line 1: has no \"choice2\"");
        write("train.jsonl", "[1]");
        assertFails("fewglue-copa", "train.jsonl, line 1: is not a JSON object");
        write("train.jsonl", "{\"label\": ");
        assertFails("fewglue-copa", "train.jsonl, line 1: is not valid JSON");
        write(
                "train.jsonl",
                "{\"text\": \"Bob left, he said.\", \"label\": true, \"target\": {\"span1_text\": \"Bob\", \"span2_text\": "
                        + "\"he\", \"span2_index\": 0}}");
        assertFails("fewglue-wsc", "train.jsonl, line 1: word 0 is not the pronoun \"he\"");
    }

    @Test
    void saysWhatIsMissingOrOfAnotherLayout() throws IOException {
        assertFails("cola", "holds no in_domain_train.tsv; give the folder with the files as published");
        assertThatThrownBy(() -> Tasks.load("rte", folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none: no such folder; give the folder with train.tsv");
        assertThatThrownBy(() -> Tasks.load("colla", folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("task 'colla': is not built in; the tasks are: wordnet-supersense, cola, ");
        write("train.tsv", "id\tsentence1\tsentence2\tlabel\n0\tA\tB\tentailment\n");
        assertFails("rte", "train.tsv, line 1: has the columns [id, sentence1, sentence2, label], not [index, ");
        write("train.tsv", "index\tsentence1\tsentence2\tlabel\n0\tA\tB\n");
        assertFails("rte", "train.tsv, line 2: has 3 tab-separated columns where 4 are needed; ");
        write("train.tsv", "index\tsentence1\tsentence2\tlabel\n0\tA\t \tentailment\n");
        assertFails("rte", "train.tsv, line 2: column 3 is empty; fill it in or remove the row");
        write("train.tsv", "index\tsentence1\tsentence2\tlabel\n");
        assertFails("rte", "train.tsv: holds a header but no rows");
        write("train.tsv", "");
        assertFails("rte", "train.tsv: is empty; fetch the file again");
        write("train.tsv", "index\tsentence1\tsentence2\tlabel\n0\tA\tB\tentailment\n");
        write("dev.tsv", "index\tsentence1\tsentence2\tlabel\n0\tA\tB\tentailment\n");
        assertFails("rte", "train: its 1 rows are of a single class; fetch the files again");
        write(
                "dev.tsv",
                "index\tsentence1\tsentence2\tlabel\n0\tA\u00e9\tB\tentailment\n",
                StandardCharsets.ISO_8859_1);
        assertFails("rte", "dev.tsv, line 2: byte 35 is not valid UTF-8; convert the file to UTF-8");
    }

    @Test
    void listsEveryTaskWithWhatAUserNeeds() {
        assertThat(Tasks.known()).hasSize(19).allSatisfy(info -> {
            assertThat(info.description()).isNotBlank();
            assertThat(info.licenceNote()).isNotBlank();
            assertThat(info.labels()).doesNotHaveDuplicates().hasSizeGreaterThan(1);
            assertThat(info.metric().supports(info.labels().size())).isTrue();
        });
        assertThat(Tasks.known().getFirst().name()).isEqualTo("wordnet-supersense");
    }

    private void assertFails(String task, String message) {
        assertThatThrownBy(() -> Tasks.load(task, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private void write(String name, String text) throws IOException {
        write(name, text, StandardCharsets.UTF_8);
    }

    private void write(String name, String text, Charset charset) throws IOException {
        Files.writeString(folder.resolve(name), text, charset);
    }
}
