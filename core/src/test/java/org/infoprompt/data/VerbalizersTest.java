package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerbalizersTest {
    @Test
    void everyEntryFitsItsTask() throws Exception {
        assertThat(Verbalizers.tasks()).contains("cola", "rte", "mrpc", "sst2", "trec", "fewglue-cb");
        for (String task : Verbalizers.tasks()) {
            TaskInfo info = Tasks.info(task);
            Verbalizers.Verbalizer found = Verbalizers.find(task, info.labels()).orElseThrow();
            assertThat(found.words()).as(task).hasSameSizeAs(info.labels());
            assertThat(new HashSet<>(found.words())).as(task).hasSameSizeAs(found.words());
            assertThat(found.template()).as(task).contains("[MASK]").contains("<a>");
            assertThat(found.template().contains("<b>")).as(task).isEqualTo(info.pair());
            assertThat(found.source()).isNotBlank();
        }
    }

    @Test
    void wordsStandInLabelOrder() {
        assertThat(Verbalizers.find("TREC", TrecLabels.COARSE_NAMES)
                        .orElseThrow()
                        .words())
                .containsExactly("Expression", "Description", "Entity", "Human", "Location", "Number");
        assertThat(TrecLabels.COARSE).containsExactly("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");
        assertThat(Verbalizers.find("rte", List.of("entailment", "not_entailment"))
                        .orElseThrow()
                        .words())
                .containsExactly("yes", "instead");
    }

    @Test
    void dataOfOnesOwnHasItsOwnLabels() {
        assertThat(Verbalizers.find("rte", List.of("not_entailment", "entailment")))
                .isEmpty();
        assertThat(Verbalizers.find("nonsense", List.of("a", "b"))).isEmpty();
        assertThat(Verbalizers.find("wordnet-supersense", WordNetSupersense.LABELS))
                .isEmpty();
    }
}
