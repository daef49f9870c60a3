package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.RandomModels;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.TensorSource;
import org.infoprompt.weights.WeightFormatException;
import org.junit.jupiter.api.Test;

class EncoderWeightsTest {
    /** A source without one of its tensors. */
    private record Without(TensorSource all, String missing) implements TensorSource {
        @Override
        public String name() {
            return all.name();
        }

        @Override
        public List<String> tensorNames() {
            return all.tensorNames().stream().filter(this::contains).toList();
        }

        @Override
        public boolean contains(String tensor) {
            return !tensor.equals(missing) && all.contains(tensor);
        }

        @Override
        public Tensor tensor(String tensor) throws IOException {
            if (!contains(tensor)) {
                throw new WeightFormatException(name(), tensor, "is missing", "take a whole model");
            }
            return all.tensor(tensor);
        }

        @Override
        public void close() {
            all.close();
        }
    }

    /** The active backend, which also tells which arenas frozen tensors were placed in. */
    private static Backend watched(Set<Arena> arenas) {
        Backend real = Backends.active();
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("place")) {
                        arenas.add((Arena) arguments[1]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void freesWhatItReadOfAModelThatIsNotWhole() throws Exception {
        Set<Arena> arenas = new HashSet<>();
        Backend backend = watched(arenas);
        try (ModelFiles files = ModelFiles.openFolder(RandomModels.encoder("bert"))) {
            EncoderWeights whole = EncoderWeights.load(files, backend, false);
            assertThat(arenas).hasSize(1).allMatch(arena -> arena.scope().isAlive());
            whole.close();
            assertThat(arenas).noneMatch(arena -> arena.scope().isAlive());

            arenas.clear();
            String last = "encoder.layer." + (files.config().numLayers() - 1) + ".output.LayerNorm.bias";
            ModelFiles damaged = new ModelFiles(
                    files.identity(),
                    files.config(),
                    new Without(files.weights(), last),
                    files.tokenizerFolder(),
                    files.sha256());
            assertThatThrownBy(() -> EncoderWeights.load(damaged, backend, false))
                    .isInstanceOf(WeightFormatException.class)
                    .hasMessageContaining(last);
            assertThat(arenas).hasSize(1).noneMatch(arena -> arena.scope().isAlive());
        }
    }
}
