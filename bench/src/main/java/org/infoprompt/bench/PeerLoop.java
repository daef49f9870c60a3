package org.infoprompt.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.infoprompt.ops.Backend;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A program that says in a JSON line what it is, then answers each line of its input with one. */
public final class PeerLoop {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Answers commands. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Answers a command.
         *
         * @param command what is asked
         * @return the answer, or null to end
         * @throws IOException if a file cannot be read
         */
        @Nullable
        ObjectNode to(JsonNode command) throws IOException;
    }

    private PeerLoop() {}

    /**
     * {@return an answer to be filled}
     *
     * @param kind what it tells
     */
    public static ObjectNode answer(String kind) {
        return MAPPER.createObjectNode().put("kind", kind);
    }

    /**
     * {@return what a program of this library says first}
     *
     * @param backend what computes
     */
    public static ObjectNode about(Backend backend) {
        return answer("run")
                .put("backend", backend.name() + " " + backend.precision().text())
                .put("description", backend.description())
                .put("java", Runtime.version().toString());
    }

    /**
     * Answers commands until the input ends.
     *
     * @param about said first
     * @param answers asked for each line; a line that is no JSON counts as an empty command
     * @throws IOException if the input cannot be read
     */
    public static void run(ObjectNode about, Answers answers) throws IOException {
        System.out.println(about);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                ObjectNode answer =
                        answers.to(line.startsWith("{") ? MAPPER.readTree(line) : MAPPER.createObjectNode());
                if (answer == null) {
                    return;
                }
                System.out.println(answer);
                System.out.flush();
            }
        }
    }
}
