package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.infoprompt.data.TaskInfo;
import org.infoprompt.data.Tasks;
import org.infoprompt.hub.Backbone;
import org.infoprompt.hub.Backbones;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code infoprompt doctor}, {@code models} and the help of every command. */
class DoctorCommandTest {
    @Test
    void namesEveryBackend() {
        Cli.Result result = Cli.run("doctor", "--offline");
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("JDK", Runtime.version().toString(), "processor", "cache folder", "Maven cache")
                .contains("int8            with --precision int8, not for training: ");
        for (Backends.Candidate candidate : Backends.all()) {
            assertThat(result.out())
                    .contains(
                            "  " + candidate.provider().name(),
                            candidate.availability().reason());
        }
    }

    @Test
    void listsModelsAndTasks() {
        Cli.Result result = Cli.run("models", "--data", "--offline");
        assertThat(result.status()).isZero();
        for (Backbone backbone : Backbones.known()) {
            assertThat(result.out()).contains(backbone.id(), backbone.coordinates(), backbone.licence());
        }
        for (TaskInfo task : Tasks.known()) {
            assertThat(result.lines()).contains(task.name());
        }
        assertThat(Cli.run("models", "--offline").out()).doesNotContain("cola");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "compare", "predict", "eval", "encode", "doctor", "models"})
    void explainsItself(String command) {
        Cli.Result result = Cli.run(command, "--help");
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("Usage: infoprompt " + command).contains("Example", "--threads");
        assertThat(Cli.run("--help").out()).contains(command);
    }

    @Test
    void showsTheRecipesDefaults() {
        String rate = String.valueOf(Recipe.infoPrompt().training().learningRate());
        assertThat(Cli.run("train", "--help").out().replaceAll("\\s+", " "))
                .contains("peak learning rate. Default: the recipe's, for infoprompt " + rate + ".")
                .doesNotContain("bundle:");
    }

    @Test
    void tellsItsVersion() {
        assertThat(Cli.run("--version").out()).startsWith("infoprompt ").contains("Java " + Runtime.version());
    }
}
