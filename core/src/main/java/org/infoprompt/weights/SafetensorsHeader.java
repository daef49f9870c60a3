package org.infoprompt.weights;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file, checked against the number of data bytes that follow it: the tensors tile the
 * data exactly, without gap or overlap, and each is as long as its element type and shape say.
 *
 * <p>Source: the format section of the safetensors project's README.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param entries the tensors by name
 */
record SafetensorsHeader(Map<String, String> metadata, SortedMap<String, Entry> entries) {
    private static final String METADATA = "__metadata__";
    private static final String REMEDY =
            "the file is damaged or was not written by safetensors: fetch or export it again";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Where one tensor lies.
     *
     * @param dtype its element type
     * @param shape its sizes
     * @param begin its first byte, counted from the end of the header
     * @param end one past its last byte
     */
    record Entry(DType dtype, Shape shape, long begin, long end) {}

    /**
     * Parses and checks a header.
     *
     * @param source the file's name for messages
     * @param json the header's bytes
     * @param dataBytes how many bytes follow the header
     * @throws WeightFormatException if anything in it is not as the format says
     */
    static SafetensorsHeader parse(String source, byte[] json, long dataBytes) throws WeightFormatException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WeightFormatException(source, "", "the header is not valid UTF-8", REMEDY, e);
        }
        SafetensorsHeader header;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            header = new Reader(source, parser).read();
        } catch (JacksonException e) {
            throw new WeightFormatException(
                    source, "", "the header is not usable JSON: " + e.getOriginalMessage(), REMEDY, e);
        }
        header.checkTiling(source, dataBytes);
        return header;
    }

    private void checkTiling(String source, long dataBytes) throws WeightFormatException {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(entries.entrySet());
        byOffset.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long next = 0;
        for (Map.Entry<String, Entry> e : byOffset) {
            Entry entry = e.getValue();
            if (entry.end() > dataBytes) {
                throw new WeightFormatException(
                        source,
                        e.getKey(),
                        "ends at data byte " + entry.end() + " but the file holds only " + dataBytes + ": truncated",
                        "fetch the file again");
            }
            if (entry.begin() != next) {
                String what =
                        entry.begin() > next ? "leaves a gap after byte " : "overlaps the tensor that ends at byte ";
                throw new WeightFormatException(
                        source, e.getKey(), "begins at data byte " + entry.begin() + " and " + what + next, REMEDY);
            }
            next = entry.end();
        }
        if (next != dataBytes) {
            throw new WeightFormatException(
                    source, "", "the tensors end at data byte " + next + " but the file holds " + dataBytes, REMEDY);
        }
    }

    private record Reader(String source, JsonParser parser) {
        SafetensorsHeader read() throws WeightFormatException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw error("", "the header is not a JSON object");
            }
            Map<String, String> metadata = Map.of();
            SortedMap<String, Entry> entries = new TreeMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    metadata = readMetadata();
                } else {
                    entries.put(name, readEntry(name));
                }
            }
            if (parser.nextToken() != null) {
                throw error("", "text follows the header's JSON object");
            }
            return new SafetensorsHeader(metadata, Collections.unmodifiableSortedMap(entries));
        }

        private Map<String, String> readMetadata() throws WeightFormatException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw error(METADATA, "is not a JSON object");
            }
            SortedMap<String, String> metadata = new TreeMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw error(METADATA, "key " + key + " is not a string");
                }
                metadata.put(key, parser.getString());
            }
            return Collections.unmodifiableSortedMap(metadata);
        }

        private Entry readEntry(String name) throws WeightFormatException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw error(name, "its header entry is not a JSON object");
            }
            DType dtype = null;
            long[] shape = null;
            long[] offsets = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "dtype" -> dtype = dtype(name);
                    case "shape" -> shape = numbers(name, field);
                    case "data_offsets" -> offsets = numbers(name, field);
                    default -> parser.skipChildren();
                }
            }
            return entry(name, dtype, shape, offsets);
        }

        private Entry entry(String name, @Nullable DType dtype, long @Nullable [] sizes, long @Nullable [] offsets)
                throws WeightFormatException {
            if (dtype == null || sizes == null || offsets == null) {
                String missing = dtype == null ? "dtype" : sizes == null ? "shape" : "data_offsets";
                throw error(name, "its header entry has no " + missing);
            }
            if (offsets.length != 2 || offsets[1] < offsets[0]) {
                throw error(name, "data_offsets are not [begin, end]");
            }
            Shape shape;
            long bytes;
            try {
                shape = Shape.of(sizes);
                bytes = Math.multiplyExact(shape.numElements(), (long) dtype.bytes());
            } catch (ArithmeticException e) {
                throw new WeightFormatException(
                        source, name, "its shape has more elements than a file can hold", REMEDY, e);
            }
            if (bytes != offsets[1] - offsets[0]) {
                throw error(
                        name,
                        dtype + " " + shape + " needs " + bytes + " bytes, data_offsets span "
                                + (offsets[1] - offsets[0]));
            }
            return new Entry(dtype, shape, offsets[0], offsets[1]);
        }

        private DType dtype(String name) throws WeightFormatException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw error(name, "dtype is not a string");
            }
            String text = parser.getString();
            for (DType dtype : DType.values()) {
                if (dtype.name().equals(text)) {
                    return dtype;
                }
            }
            throw new WeightFormatException(source, name, "dtype " + text + " is not supported", "convert it to F32");
        }

        private long[] numbers(String name, String field) throws WeightFormatException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw error(name, field + " is not an array");
            }
            List<Long> numbers = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                    throw error(name, field + " holds something that is not an integer");
                }
                JsonParser.NumberType type = parser.getNumberType();
                if (type == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
                    throw error(name, field + " holds a number outside 0 to 2^63-1");
                }
                numbers.add(parser.getLongValue());
            }
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }

        private WeightFormatException error(String tensor, String problem) {
            return new WeightFormatException(source, tensor, problem, REMEDY);
        }
    }
}
