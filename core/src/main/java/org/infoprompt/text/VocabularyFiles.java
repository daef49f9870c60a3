package org.infoprompt.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;

/** Reads the files from before tokenizer.json: vocab.txt, or vocab.json with merges.txt. */
final class VocabularyFiles {
    private static final List<String> ROLES = List.of("unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private VocabularyFiles() {}

    /**
     * Reads one WordPiece token a line, its number being its id.
     *
     * @param normalizer BERT's, with the options of the model
     * @param configuration tokenizer_config.json, or null
     */
    static Tokenizer wordPiece(
            Path file, String text, Normalizer normalizer, TokenRoles roles, @Nullable JsonPart configuration)
            throws InputException {
        List<String> lines = TextFiles.lines(text);
        Vocabulary.Builder builder = new Vocabulary.Builder(lines.size());
        for (int id = 0; id < lines.size(); id++) {
            String problem = builder.add(lines.get(id).stripTrailing(), id);
            if (!problem.isEmpty()) {
                throw new InputException(
                        file.toString(),
                        "line " + (id + 1),
                        problem,
                        "remove the duplicate or get a clean copy of the file");
            }
        }
        JsonPart part = nowhere(file);
        Vocabulary vocabulary = builder.build();
        SubwordModel probe = new WordPiece(vocabulary, 0, "##", 0);
        int unknown = required(part, roles, "unk_token", probe);
        SubwordModel model =
                Models.wordPiece(part, vocabulary, vocabulary.tokens().get(unknown), "##", 100);
        Template template =
                Template.bert(required(part, roles, "cls_token", model), required(part, roles, "sep_token", model));
        List<AddedToken> added = added(configuration, model, roles, normalizer, false);
        SpecialTokens special = roles.specialTokens(model, added, template, unknown);
        return new PipelineTokenizer(added, normalizer, WordSplitters.bert(), model, template, special);
    }

    /**
     * Reads a byte-level vocabulary and its merges, one a line after the version line.
     *
     * @param configuration tokenizer_config.json, or null
     */
    static Tokenizer bytePair(
            JsonPart vocabularyPart,
            Path mergesFile,
            String mergesText,
            TokenRoles roles,
            @Nullable JsonPart configuration)
            throws InputException {
        Vocabulary vocabulary = Models.vocabulary(vocabularyPart);
        Merges merges = new Merges(vocabulary);
        List<String> lines = TextFiles.lines(mergesText);
        for (int i = 0; i < lines.size(); i++) {
            String problem = lines.get(i).startsWith("#version") ? "" : merges.add(lines.get(i));
            if (!problem.isEmpty()) {
                throw new InputException(
                        mergesFile.toString(),
                        "line " + (i + 1),
                        problem,
                        "use the merges.txt that belongs to vocab.json");
            }
        }
        SubwordModel model = merges.model(TokenTrie.NONE, false, false);
        Template template = Template.roberta(
                required(vocabularyPart, roles, "cls_token", model),
                required(vocabularyPart, roles, "sep_token", model));
        Normalizer normalizer = Components.normalizer(null);
        List<AddedToken> added = added(configuration, model, roles, normalizer, true);
        boolean prefix = configuration != null && configuration.flag("add_prefix_space", false);
        SpecialTokens special = roles.specialTokens(model, added, template, TokenTrie.NONE);
        return new PipelineTokenizer(added, normalizer, new ByteLevelSplitter(prefix, true), model, template, special);
    }

    private static int required(JsonPart part, TokenRoles roles, String role, SubwordModel model)
            throws InputException {
        int id = roles.id(role, model, List.of());
        if (id == TokenTrie.NONE) {
            throw part.error(
                    "the vocabulary has no " + role,
                    "use a BERT or RoBERTa vocabulary, or name the token in tokenizer_config.json");
        }
        return id;
    }

    /** The tokens with a role are special; tokenizer_config.json may add to them and say how they are found. */
    private static List<AddedToken> added(
            @Nullable JsonPart configuration,
            SubwordModel model,
            TokenRoles roles,
            Normalizer normalizer,
            boolean stripMask)
            throws InputException {
        List<AddedToken> tokens = new ArrayList<>();
        JsonPart decoder = configuration == null ? null : configuration.optional("added_tokens_decoder");
        if (decoder != null) {
            for (Map.Entry<?, ?> entry : decoder.members().entrySet()) {
                String id = (String) entry.getKey();
                JsonPart part = decoder.member(id, entry.getValue());
                if (!id.matches("\\d{1,8}")) {
                    throw part.error("'" + id + "' is not an id");
                }
                tokens.add(Models.addedToken(part, Integer.parseInt(id), true));
            }
            Models.check(decoder, tokens, model, normalizer);
        }
        for (String role : ROLES) {
            int id = roles.id(role, model, tokens);
            if (id != TokenTrie.NONE && tokens.stream().noneMatch(token -> token.id() == id)) {
                boolean lstrip = stripMask && role.equals("mask_token");
                tokens.add(new AddedToken(id, model.tokens().get(id), false, lstrip, false, false, true));
            }
        }
        tokens.sort(Comparator.comparingInt(AddedToken::id));
        return tokens;
    }

    private static JsonPart nowhere(Path file) {
        return new JsonPart(file.toString(), "", JsonTree.NULL);
    }
}
