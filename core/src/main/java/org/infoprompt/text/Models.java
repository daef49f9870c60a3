package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;

/** Reads a vocabulary with its rule: the model of a tokenizer.json, or the parts of the older files. */
final class Models {
    /** No published vocabulary comes near; a larger id is a damaged file, not a reason to reserve memory. */
    private static final int MAX_ID = 1 << 24;

    private Models() {}

    static SubwordModel model(JsonPart part, boolean byteLevel) throws InputException {
        String type = part.text("type", part.has("merges") ? "BPE" : "WordPiece");
        return switch (type) {
            case "WordPiece" -> {
                if (byteLevel) {
                    throw part.error("WordPiece behind a ByteLevel pre-tokenizer is not supported");
                }
                yield wordPiece(part);
            }
            case "BPE" -> {
                if (!byteLevel) {
                    throw part.error(
                            "BPE without a ByteLevel pre-tokenizer is not supported",
                            "use a BERT or RoBERTa family tokenizer");
                }
                yield bytePair(part);
            }
            default ->
                throw part.error("the model '" + type + "' is not supported", "use a BERT or RoBERTa family tokenizer");
        };
    }

    private static SubwordModel wordPiece(JsonPart part) throws InputException {
        Vocabulary vocabulary = vocabulary(part.object("vocab"));
        return wordPiece(
                part,
                vocabulary,
                part.text("unk_token", "[UNK]"),
                part.text("continuing_subword_prefix", "##"),
                part.has("max_input_chars_per_word") ? part.number("max_input_chars_per_word") : 100);
    }

    static SubwordModel wordPiece(JsonPart part, Vocabulary vocabulary, String unknown, String prefix, int maxChars)
            throws InputException {
        int id = vocabulary.id(unknown);
        if (id == TokenTrie.NONE) {
            throw part.error("the unknown token '" + unknown + "' is not in the vocabulary");
        }
        return new WordPiece(vocabulary, id, prefix, maxChars);
    }

    private static SubwordModel bytePair(JsonPart part) throws InputException {
        JsonPart dropout = part.optional("dropout");
        if (dropout != null && !(dropout.value() instanceof Number rate && rate.doubleValue() == 0)) {
            throw dropout.error("makes tokens random, which is not supported", "set it to null");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!part.text(affix, "").isEmpty()) {
                throw part.error("'" + affix + "' is not supported", "use a RoBERTa family tokenizer");
            }
        }
        if (part.flag("byte_fallback", false)) {
            throw part.error("'byte_fallback' is not supported", "use a RoBERTa family tokenizer");
        }
        Vocabulary vocabulary = vocabulary(part.object("vocab"));
        String unknownToken = part.text("unk_token", "");
        int unknown = unknownToken.isEmpty() ? TokenTrie.NONE : vocabulary.id(unknownToken);
        if (unknown == TokenTrie.NONE && !unknownToken.isEmpty()) {
            throw part.error("the unknown token '" + unknownToken + "' is not in the vocabulary");
        }
        Merges merges = new Merges(vocabulary);
        JsonPart list = part.required("merges");
        List<?> entries = list.elements();
        for (int i = 0; i < entries.size(); i++) {
            String problem = add(merges, entries.get(i));
            if (!problem.isEmpty()) {
                throw list.element(i).error(problem);
            }
        }
        return merges.model(unknown, part.flag("fuse_unk", false), part.flag("ignore_merges", false));
    }

    private static String add(Merges merges, Object entry) {
        if (entry instanceof String line) {
            return merges.add(line);
        }
        return entry instanceof List<?> pair
                        && pair.size() == 2
                        && pair.get(0) instanceof String left
                        && pair.get(1) instanceof String right
                ? merges.add(left, right)
                : "is not a pair of tokens";
    }

    /** Reads an object of token and id. */
    static Vocabulary vocabulary(JsonPart part) throws InputException {
        Vocabulary.Builder builder = new Vocabulary.Builder(part.members().size());
        for (Map.Entry<?, ?> entry : part.members().entrySet()) {
            String token = (String) entry.getKey();
            if (!(entry.getValue() instanceof Long id) || id < 0 || id > MAX_ID) {
                throw part.error("the id of token '" + token + "' is not an integer in [0, " + MAX_ID + "]");
            }
            String problem = builder.add(token, id.intValue());
            if (!problem.isEmpty()) {
                throw part.error(problem);
            }
        }
        if (builder.size() == 0) {
            throw part.error("the vocabulary is empty");
        }
        return builder.build();
    }

    /** Reads the added tokens; one that the model does not have comes behind the model's tokens, in order. */
    static List<AddedToken> addedTokens(JsonPart root, SubwordModel model, Normalizer normalizer)
            throws InputException {
        List<AddedToken> tokens = new ArrayList<>();
        if (!root.has("added_tokens")) {
            return tokens;
        }
        for (JsonPart part : root.array("added_tokens")) {
            tokens.add(addedToken(part, part.number("id"), !part.flag("special", false)));
        }
        check(root, tokens, model, normalizer);
        return tokens;
    }

    static AddedToken addedToken(JsonPart part, int id, boolean normalizedByDefault) throws InputException {
        if (id > MAX_ID) {
            throw part.error("id " + id + " is above " + MAX_ID);
        }
        return new AddedToken(
                id,
                part.text("content"),
                part.flag("single_word", false),
                part.flag("lstrip", false),
                part.flag("rstrip", false),
                part.flag("normalized", normalizedByDefault),
                part.flag("special", false));
    }

    /** Refuses tokens whose id would be another one in Hugging Face, and those that match nothing or everything. */
    static void check(JsonPart root, List<AddedToken> tokens, SubwordModel model, Normalizer normalizer)
            throws InputException {
        for (int i = 0; i < tokens.size(); i++) {
            AddedToken token = tokens.get(i);
            String name = "added token '" + token.content() + "' (id " + token.id() + ")";
            int known = model.id(token.content());
            boolean inModel = token.id() < model.tokens().size()
                    && !model.tokens().get(token.id()).isEmpty();
            if (known != TokenTrie.NONE ? known != token.id() : inModel) {
                String expected = known != TokenTrie.NONE ? "has id " + known : "has another token at that id";
                throw root.error(name + ": the vocabulary " + expected);
            }
            IntList pattern = IntList.codePoints(token.content());
            if ((token.normalized() ? normalizer.normalize(pattern) : pattern).length == 0) {
                throw root.error(name + " is empty" + (token.normalized() ? " once normalized" : ""));
            }
            for (AddedToken other : tokens.subList(0, i)) {
                if (other.content().equals(token.content()) || other.id() == token.id()) {
                    throw root.error(name + " is there twice");
                }
            }
        }
    }
}
