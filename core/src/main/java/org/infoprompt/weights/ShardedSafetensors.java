package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.infoprompt.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A model split over several safetensors files, as {@code model.safetensors.index.json} lists them. */
public final class ShardedSafetensors implements TensorSource {
    private final String name;
    private final SequencedMap<String, SafetensorsFile> shardOfTensor;
    private final Collection<SafetensorsFile> shards;

    private ShardedSafetensors(
            String name, SequencedMap<String, SafetensorsFile> shardOfTensor, Collection<SafetensorsFile> shards) {
        this.name = name;
        this.shardOfTensor = shardOfTensor;
        this.shards = shards;
    }

    /**
     * Opens all shards.
     *
     * @param indexJson the index; the shards lie in its folder
     * @return the model, to be closed by the caller
     * @throws WeightFormatException if the index or a shard is missing or lies
     * @throws IOException if a file cannot be read
     */
    public static ShardedSafetensors open(Path indexJson) throws IOException {
        String source = indexJson.toString();
        SortedMap<String, String> weightMap = weightMap(indexJson);
        TreeMap<String, SafetensorsFile> shards = new TreeMap<>();
        TreeMap<String, SafetensorsFile> shardOfTensor = new TreeMap<>();
        boolean done = false;
        try {
            for (Map.Entry<String, String> entry : weightMap.entrySet()) {
                SafetensorsFile shard = shards.get(entry.getValue());
                if (shard == null) {
                    shard = SafetensorsFile.open(indexJson.resolveSibling(entry.getValue()));
                    shards.put(entry.getValue(), shard);
                }
                if (!shard.contains(entry.getKey())) {
                    throw new WeightFormatException(
                            source,
                            entry.getKey(),
                            "is not in its shard " + entry.getValue(),
                            "fetch both files again");
                }
                shardOfTensor.put(entry.getKey(), shard);
            }
            done = true;
            return new ShardedSafetensors(source, shardOfTensor, shards.values());
        } finally {
            if (!done) {
                shards.values().forEach(SafetensorsFile::close);
            }
        }
    }

    /** Returns the distinct shard files of an index, sorted by name. */
    static List<Path> shardFiles(Path indexJson) throws IOException {
        return weightMap(indexJson).values().stream()
                .distinct()
                .sorted()
                .map(indexJson::resolveSibling)
                .toList();
    }

    private static SortedMap<String, String> weightMap(Path indexJson) throws IOException {
        String source = indexJson.toString();
        @Nullable JsonNode map = JsonFiles.readObject(indexJson).get("weight_map");
        if (map == null || !map.isObject() || map.isEmpty()) {
            throw new WeightFormatException(source, "", "has no weight_map object", "fetch it again");
        }
        SortedMap<String, String> weightMap = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().isString() ? entry.getValue().stringValue() : "";
            if (!shard.endsWith(".safetensors")
                    || shard.contains("/")
                    || shard.contains("\\")
                    || shard.contains(":")
                    || shard.indexOf('\0') >= 0) {
                throw new WeightFormatException(
                        source,
                        entry.getKey(),
                        "its shard is not the plain name of a .safetensors file in the same folder",
                        "fetch the index again, or convert the model to safetensors");
            }
            weightMap.put(entry.getKey(), shard);
        }
        return weightMap;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> tensorNames() {
        return List.copyOf(shardOfTensor.keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return shardOfTensor.containsKey(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        SafetensorsFile shard = shardOfTensor.get(tensor);
        if (shard == null) {
            throw new WeightFormatException(name, tensor, "is not in any shard", "use the complete model");
        }
        return shard.tensor(tensor);
    }

    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
