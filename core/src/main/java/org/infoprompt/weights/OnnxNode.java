package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code NodeProto}.
 *
 * @param opType the operator
 * @param name usually the path of the exported module
 * @param inputs names of values; empty for one left out
 * @param outputs names of values
 * @param integers its integer attributes
 * @param floats its float attributes
 * @param texts its string attributes
 * @param value its tensor attribute {@code value}, which a Constant has
 */
record OnnxNode(
        String opType,
        String name,
        List<String> inputs,
        List<String> outputs,
        Map<String, Long> integers,
        Map<String, Float> floats,
        Map<String, String> texts,
        @Nullable OnnxTensor value) {
    private static final int MAX_VALUES = 1 << 12;
    private static final int MAX_TEXT = 64;

    static OnnxNode read(ProtobufReader in) throws WeightFormatException {
        String opType = "";
        String name = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Attributes attributes = new Attributes();
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> opType = in.text();
                case 5 -> attributes.read(in.nested());
                default -> in.skip();
            }
            if (inputs.size() > MAX_VALUES || outputs.size() > MAX_VALUES) {
                throw in.error("a node with more than " + MAX_VALUES + " values");
            }
        }
        return new OnnxNode(
                opType,
                name,
                inputs,
                outputs,
                attributes.integers,
                attributes.floats,
                attributes.texts,
                attributes.value);
    }

    String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    String output() {
        return outputs.isEmpty() ? "" : outputs.getFirst();
    }

    private static final class Attributes {
        final Map<String, Long> integers = new HashMap<>();
        final Map<String, Float> floats = new HashMap<>();
        final Map<String, String> texts = new HashMap<>();

        @Nullable
        OnnxTensor value;

        void read(ProtobufReader in) throws WeightFormatException {
            String name = "";
            Long integer = null;
            Float real = null;
            String text = null;
            OnnxTensor tensor = null;
            for (int field = in.nextField(); field != 0; field = in.nextField()) {
                switch (field) {
                    case 1 -> name = in.text();
                    case 2 -> real = in.fixedFloat();
                    case 3 -> integer = in.integer();
                    case 4 -> text = opaque(in);
                    case 5 -> tensor = OnnxTensor.read(in.nested());
                    default -> in.skip();
                }
            }
            if (integer != null) {
                integers.put(name, integer);
            }
            if (real != null) {
                floats.put(name, real);
            }
            if (text != null) {
                texts.put(name, text);
            }
            if (tensor != null && name.equals("value")) {
                value = tensor;
            }
        }

        /** A string attribute may hold any bytes; only short ones are names of variants. */
        private static String opaque(ProtobufReader in) throws WeightFormatException {
            MemorySegment bytes = in.bytes();
            return bytes.byteSize() > MAX_TEXT
                    ? ""
                    : new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }
    }
}
