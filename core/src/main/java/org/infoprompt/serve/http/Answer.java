package org.infoprompt.serve.http;

import java.nio.charset.StandardCharsets;
import org.infoprompt.serve.ServingException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is sent back.
 *
 * @param status HTTP status
 * @param type media type
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier; it is never compared.
record Answer(int status, String type, byte[] body) {
    static final JsonMapper MAPPER = new JsonMapper();

    static Answer json(ObjectNode root) {
        return new Answer(
                200, "application/json", (MAPPER.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer text(String type, String text) {
        return new Answer(200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer problem(int status, String reason, String message) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("error", message);
        root.put("reason", reason);
        Answer answer = json(root);
        return new Answer(status, answer.type, answer.body);
    }

    static Answer of(ServingException e) {
        int status = switch (e.reason()) {
            case UNKNOWN_PROMPT -> 404;
            case BAD_REQUEST -> 400;
            case OVERLOADED, CLOSED, CANCELLED -> 503;
            case DEADLINE -> 504;
            case UNUSABLE_PROMPT, FAILED -> 500;
        };
        return problem(status, e.reason().name(), String.valueOf(e.getMessage()));
    }
}
