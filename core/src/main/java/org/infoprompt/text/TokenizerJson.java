package org.infoprompt.text;

import java.util.List;
import org.infoprompt.io.InputException;

/** Reads a tokenizer.json. Truncation and padding that were saved in it are ignored: callers choose their own. */
final class TokenizerJson {
    private TokenizerJson() {}

    static Tokenizer read(JsonPart root, TokenRoles roles) throws InputException {
        PreTokenizer preTokenizer = Components.preTokenizer(root.optional("pre_tokenizer"));
        Normalizer normalizer = Components.normalizer(root.optional("normalizer"));
        JsonPart modelPart = root.object("model");
        SubwordModel model = Models.model(modelPart, Components.isByteLevel(preTokenizer));
        List<AddedToken> added = Models.addedTokens(root, model, normalizer);
        Template template = Components.template(root.optional("post_processor"));
        checkTemplate(root, template, model, added);
        int unknown = modelPart.has("unk_token") ? model.id(modelPart.text("unk_token")) : -1;
        SpecialTokens special = roles.specialTokens(model, added, template, unknown);
        return new PipelineTokenizer(added, normalizer, preTokenizer, model, template, special);
    }

    private static void checkTemplate(JsonPart root, Template template, SubwordModel model, List<AddedToken> added)
            throws InputException {
        for (List<Template.Part> parts : List.of(template.single(), template.pair())) {
            for (Template.Part part : parts) {
                int id = part.id();
                boolean known = id < model.tokens().size() || added.stream().anyMatch(token -> token.id() == id);
                if (part.kind() == Template.Kind.SPECIAL && !known) {
                    throw root.error("the post_processor adds id " + id + ", which is not in the vocabulary");
                }
            }
        }
    }
}
