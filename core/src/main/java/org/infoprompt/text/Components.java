package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/** Reads the normalizer, pre-tokenizer and post-processor of a tokenizer.json; refuses by name what it does not know. */
final class Components {
    private Components() {}

    static Normalizer normalizer(@Nullable JsonPart part) throws InputException {
        if (part == null) {
            return new Filters.Chain(List.of());
        }
        String type = part.text("type");
        return switch (type) {
            case "BertNormalizer" -> {
                boolean lowercase = part.flag("lowercase", true);
                yield new BertNormalizer(
                        part.flag("clean_text", true),
                        part.flag("handle_chinese_chars", true),
                        part.flag("strip_accents", lowercase),
                        lowercase);
            }
            case "Lowercase" -> new Filters.Lowercase();
            case "StripAccents" -> new Filters.StripAccents();
            case "Strip" -> new Filters.Strip(part.flag("strip_left", true), part.flag("strip_right", true));
            case "NFC" -> UnicodeForm.NFC;
            case "NFD" -> UnicodeForm.NFD;
            case "NFKC" -> UnicodeForm.NFKC;
            case "NFKD" -> UnicodeForm.NFKD;
            case "Sequence" -> {
                List<Normalizer> steps = new ArrayList<>();
                for (JsonPart step : part.array("normalizers")) {
                    steps.add(normalizer(step));
                }
                yield new Filters.Chain(List.copyOf(steps));
            }
            default -> throw unknown(part, "normalizer", type);
        };
    }

    static PreTokenizer preTokenizer(@Nullable JsonPart part) throws InputException {
        if (part == null) {
            return new WordSplitters.Chain(List.of());
        }
        String type = part.text("type");
        return switch (type) {
            case "BertPreTokenizer" -> WordSplitters.bert();
            case "Whitespace" -> WordSplitters.whitespace();
            case "WhitespaceSplit" -> WordSplitters.whitespaceSplit();
            case "Punctuation" -> {
                String behavior = part.text("behavior", "Isolated");
                if (!behavior.equals("Isolated")) {
                    throw unknown(part, "pre-tokenizer", "Punctuation with behavior " + behavior);
                }
                yield WordSplitters.punctuation();
            }
            case "Digits" -> WordSplitters.digits(part.flag("individual_digits", false));
            case "ByteLevel" ->
                new ByteLevelSplitter(part.flag("add_prefix_space", true), part.flag("use_regex", true));
            case "Sequence" -> {
                List<PreTokenizer> steps = new ArrayList<>();
                for (JsonPart step : part.array("pretokenizers")) {
                    if (!steps.isEmpty() && isByteLevel(steps.getLast())) {
                        throw part.error("has a pre-tokenizer behind ByteLevel, which is not supported");
                    }
                    steps.add(preTokenizer(step));
                }
                yield new WordSplitters.Chain(List.copyOf(steps));
            }
            default -> throw unknown(part, "pre-tokenizer", type);
        };
    }

    /** Returns whether what comes out is bytes. */
    static boolean isByteLevel(PreTokenizer preTokenizer) {
        return preTokenizer instanceof ByteLevelSplitter
                || (preTokenizer instanceof WordSplitters.Chain chain
                        && !chain.steps().isEmpty()
                        && isByteLevel(chain.steps().getLast()));
    }

    static Template template(@Nullable JsonPart part) throws InputException {
        if (part == null) {
            return Template.PLAIN;
        }
        String type = part.text("type");
        return switch (type) {
            case "BertProcessing" -> Template.bert(tokenId(part, "cls"), tokenId(part, "sep"));
            case "RobertaProcessing" -> Template.roberta(tokenId(part, "cls"), tokenId(part, "sep"));
            case "TemplateProcessing" -> new Template(parts(part, "single", false), parts(part, "pair", true));
            case "ByteLevel" -> Template.PLAIN;
            case "Sequence" -> {
                Template template = Template.PLAIN;
                for (JsonPart step : part.array("processors")) {
                    Template next = template(step);
                    if (!next.equals(Template.PLAIN) && !template.equals(Template.PLAIN)) {
                        throw part.error("has two processors that add special tokens, which is not supported");
                    }
                    template = next.equals(Template.PLAIN) ? template : next;
                }
                yield template;
            }
            default -> throw unknown(part, "post-processor", type);
        };
    }

    private static int tokenId(JsonPart part, String key) throws InputException {
        List<JsonPart> pair = part.array(key);
        if (pair.size() != 2) {
            throw part.error("'" + key + "' is not [token, id]");
        }
        return pair.get(1).number();
    }

    private static List<Template.Part> parts(JsonPart processor, String key, boolean pair) throws InputException {
        List<Template.Part> parts = new ArrayList<>();
        int first = 0;
        int second = 0;
        for (JsonPart piece : processor.array(key)) {
            if (piece.has("SpecialToken")) {
                JsonPart special = piece.object("SpecialToken");
                JsonPart token = processor.object("special_tokens").object(special.text("id"));
                for (JsonPart id : token.array("ids")) {
                    parts.add(Template.special(id.number(), special.number("type_id")));
                }
            } else {
                JsonPart sequence = piece.object("Sequence");
                String id = sequence.text("id");
                boolean isFirst = id.equals("A");
                first += isFirst ? 1 : 0;
                second += isFirst ? 0 : 1;
                if (!isFirst && !id.equals("B")) {
                    throw sequence.error("id '" + id + "' is neither A nor B");
                }
                parts.add(new Template.Part(
                        isFirst ? Template.Kind.FIRST : Template.Kind.SECOND, -1, sequence.number("type_id")));
            }
        }
        if (first != 1 || second != (pair ? 1 : 0)) {
            throw processor.error("template '" + key + "' must hold each of its texts once");
        }
        return List.copyOf(parts);
    }

    private static InputException unknown(JsonPart part, String kind, String type) {
        return part.error("the " + kind + " '" + type + "' is not supported", "use a BERT or RoBERTa family tokenizer");
    }
}
