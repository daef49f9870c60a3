package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.infoprompt.io.TextFiles;
import org.infoprompt.json.JsonNodes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads small JSON files. */
final class JsonFiles {
    private JsonFiles() {}

    /** Returns the file's JSON object; a file that holds anything else is an error with its line. */
    static JsonNode readObject(Path file) throws IOException {
        JsonNode root;
        try {
            root = JsonNodes.read(TextFiles.read(file));
        } catch (JacksonException e) {
            String line =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw new WeightFormatException(
                    file.toString(),
                    "",
                    "is not valid JSON" + line + ": " + e.getOriginalMessage(),
                    "fetch it again",
                    e);
        }
        if (!root.isObject()) {
            throw new WeightFormatException(file.toString(), "", "is not a JSON object", "fetch it again");
        }
        return root;
    }
}
