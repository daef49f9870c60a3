package org.infoprompt.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;

/** Which token has which role, as tokenizer_config.json or special_tokens_map.json say, else by the usual names. */
final class TokenRoles {
    private static final Map<String, List<String>> USUAL = Map.of(
            "cls_token", List.of("[CLS]", "<s>"),
            "sep_token", List.of("[SEP]", "</s>"),
            "mask_token", List.of("[MASK]", "<mask>"),
            "pad_token", List.of("[PAD]", "<pad>"),
            "unk_token", List.of("[UNK]", "<unk>"));

    private final Map<String, String> names = new HashMap<>();

    /** Takes over what a configuration says; what an earlier one said stays. */
    void addAll(JsonPart configuration) throws InputException {
        for (String role : USUAL.keySet()) {
            JsonPart part = configuration.optional(role);
            if (part != null) {
                names.putIfAbsent(role, part.isObject() ? part.text("content") : part.text());
            }
        }
    }

    /** Returns the id of a role, {@link TokenTrie#NONE} if the vocabulary has no token for it. */
    int id(String role, SubwordModel model, List<AddedToken> added) {
        String name = names.get(role);
        for (String candidate : name == null ? USUAL.getOrDefault(role, List.of()) : List.of(name)) {
            for (AddedToken token : added) {
                if (token.content().equals(candidate)) {
                    return token.id();
                }
            }
            int id = model.id(candidate);
            if (id != TokenTrie.NONE) {
                return id;
            }
        }
        return TokenTrie.NONE;
    }

    SpecialTokens specialTokens(SubwordModel model, List<AddedToken> added, Template template, int unknown) {
        int cls = template.cls();
        int sep = template.sep();
        return new SpecialTokens(
                cls >= 0 ? cls : id("cls_token", model, added),
                sep >= 0 ? sep : id("sep_token", model, added),
                id("mask_token", model, added),
                id("pad_token", model, added),
                unknown >= 0 ? unknown : id("unk_token", model, added),
                template.hasDoubleSeparator());
    }
}
