package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.infoprompt.ffi.kernels.KernelLibrary;
import org.infoprompt.ops.check.BackendProbe;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class BackendsTest {
    @Test
    void theExpectedBackendIsActive() {
        String expected = System.getProperty("infoprompt.test.expectedBackend");
        Assumptions.assumeTrue(expected != null, "infoprompt.test.expectedBackend is not set");
        if (expected.equals("native") && KernelLibrary.library().text().contains("no C compiler")) {
            expected = "vector";
        }
        assertThat(Backends.active().name()).isEqualTo(expected);
        assertThat(Backends.active()).isSameAs(Backends.active());
    }

    @Test
    void theDescriptionNamesEveryBackendAndTheReason() {
        String text = Backends.describe();
        assertThat(text).startsWith("backend=" + Backends.active().name() + " ").contains(" because ");
        for (Backends.Candidate candidate : Backends.all()) {
            assertThat(text).contains("\n  " + candidate.provider().name() + ": ");
        }
        boolean hasModule =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!hasModule) {
            assertThat(text).contains("--add-modules jdk.incubator.vector");
        }
    }

    @Test
    void theOracleIsFoundByNameAndNeverChosen() {
        assertThat(Backends.byName("reference").name()).isEqualTo("reference");
        assertThat(Backends.all())
                .filteredOn(c -> c.provider().name().equals("reference"))
                .hasSize(1)
                .allMatch(c -> c.provider().rank() < 0);
    }

    @Test
    void theFastestUsableOneIsTakenAndAMissingFasterOneIsWarnedAboutOnce() {
        Log log = new Log();
        List<Backends.Candidate> all = List.of(
                candidate("cuda", 300, new Availability(false, "no device", "")),
                candidate("native", 200, new Availability(false, "no library", "set the path")),
                candidate("scalar", 0, new Availability(true, "plain loops", "")),
                candidate("reference", -1, new Availability(true, "oracle", "")));
        Backends.Choice choice = Backends.choose(all, null, log);
        assertThat(choice.backend()).isSameAs(Backends.byName("scalar"));
        assertThat(choice.line()).isEqualTo("backend=scalar plain loops because cuda: no device; native: no library");
        assertThat(log.warnings)
                .containsExactly("the faster backend native is not usable: no library (remedy: set the path)");
    }

    @Test
    void aSlowerBackendIsNotLookedAt() {
        BackendProvider costly = new BackendProvider() {
            @Override
            public String name() {
                return "costly";
            }

            @Override
            public int rank() {
                return 10;
            }

            @Override
            public Availability availability() {
                throw new AssertionError("its library would be loaded");
            }

            @Override
            public Backend backend() {
                throw new AssertionError();
            }
        };
        List<Backends.Candidate> all = List.of(
                candidate("scalar", 20, new Availability(true, "plain loops", "")), new Backends.Candidate(costly));
        assertThat(Backends.choose(all, null, new Log()).backend()).isSameAs(Backends.byName("scalar"));
        assertThat(Backends.choose(all, "scalar", new Log()).backend()).isSameAs(Backends.byName("scalar"));
        assertThatThrownBy(() -> Backends.choose(all, "costly", new Log())).hasMessage("its library would be loaded");
    }

    @Test
    void theOracleIsNotAFallback() {
        Backends.Choice choice = Backends.choose(
                List.of(candidate("reference", -1, new Availability(true, "oracle", ""))), null, new Log());
        assertThat(choice.backend()).isNull();
        assertThat(choice.line()).startsWith("no backend is usable");
    }

    @Test
    void aForcedBackendRunsOrFailsWithReasonAndRemedy() {
        Log log = new Log();
        List<Backends.Candidate> all = List.of(
                candidate("native", 200, new Availability(false, "no library", "set the path")),
                candidate("scalar", 0, new Availability(true, "plain loops", "")),
                candidate("reference", -1, new Availability(true, "oracle", "")));
        assertThat(Backends.choose(all, "reference", log).backend()).isSameAs(Backends.byName("reference"));
        assertThat(Backends.choose(all, "scalar", log).line())
                .isEqualTo("backend=scalar plain loops because -Dinfoprompt.backend asks for it");
        Backends.Choice absent = Backends.choose(all, "native", log);
        assertThat(absent.backend()).isNull();
        assertThat(absent.line())
                .isEqualTo("-Dinfoprompt.backend=native cannot run: no library (remedy: set the path)");
        assertThat(Backends.choose(all, "abacus", log).line())
                .isEqualTo("-Dinfoprompt.backend=abacus must be one of native, scalar, reference");
        assertThat(log.warnings).isEmpty();
    }

    @Test
    void theProbeSeesAWrongAnswer() {
        Backend scalar = Backends.byName("scalar");
        assertThat(BackendProbe.probe(() -> scalar).usable()).isTrue();
        Backend wrong = mirrored(scalar);
        assertThat(BackendProbe.probe(() -> wrong).usable()).isFalse();
        assertThat(BackendProbe.probe(() -> wrong).reason()).contains("its probe computed");
        Availability unlinked = BackendProbe.probe(() -> {
            throw new UnsatisfiedLinkError("libx");
        });
        assertThat(unlinked.usable()).isFalse();
        assertThat(unlinked.reason()).contains("libx");
        assertThatThrownBy(() -> BackendProbe.probe(() -> {
                    throw new ArithmeticException("a defect");
                }))
                .isInstanceOf(ArithmeticException.class);
    }

    /** A backend that packs every weight transposed. */
    private static Backend mirrored(Backend backend) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("pack")) {
                        arguments[3] = WeightUse.BACKWARD;
                    }
                    return method.invoke(backend, arguments);
                });
    }

    private static Backends.Candidate candidate(String name, int rank, Availability availability) {
        BackendProvider provider = new BackendProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int rank() {
                return rank;
            }

            @Override
            public Availability availability() {
                return availability;
            }

            @Override
            public Backend backend() {
                return Backends.byName(name);
            }
        };
        return new Backends.Candidate(provider, availability);
    }

    private static final class Log implements System.Logger {
        private final List<String> warnings = new ArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            throw new AssertionError(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            if (level == Level.WARNING) {
                warnings.add(format);
            }
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Backends.byName("abacus"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("abacus")
                .hasMessageContaining("scalar");
    }
}
