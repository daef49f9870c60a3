package org.infoprompt.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokenizers of the BERT family (WordPiece) and of the RoBERTa family (byte-level BPE) in the formats in which they
 * are published. A file that asks for something else is refused by the name of what it asks for.
 */
public final class Tokenizers {
    private static final String CONFIGURATION = "tokenizer_config.json";

    private Tokenizers() {}

    /**
     * Reads the tokenizer of a Hugging Face model folder: tokenizer.json, else vocab.txt, else vocab.json with merges.txt.
     * tokenizer_config.json and special_tokens_map.json are heeded where they are.
     *
     * @param modelFolder the folder
     * @return the tokenizer
     * @throws InputException if the folder or the files are missing, damaged or of another family
     */
    public static Tokenizer load(Path modelFolder) throws InputException {
        if (!Files.isDirectory(modelFolder)) {
            throw new InputException(modelFolder.toString(), "", "no such folder", "name the folder of a model");
        }
        TokenRoles roles = new TokenRoles();
        JsonPart configuration = readOptional(modelFolder.resolve(CONFIGURATION));
        JsonPart map = readOptional(modelFolder.resolve("special_tokens_map.json"));
        if (configuration != null) {
            roles.addAll(configuration);
        }
        if (map != null) {
            roles.addAll(map);
        }
        Path json = modelFolder.resolve("tokenizer.json");
        Path vocabTxt = modelFolder.resolve("vocab.txt");
        Path vocabJson = modelFolder.resolve("vocab.json");
        Path merges = modelFolder.resolve("merges.txt");
        if (Files.exists(json)) {
            return TokenizerJson.read(JsonPart.parse(json.toString(), read(json)), roles);
        }
        if (Files.exists(vocabTxt)) {
            return VocabularyFiles.wordPiece(
                    vocabTxt, read(vocabTxt), bertNormalizer(configuration), roles, configuration);
        }
        if (Files.exists(vocabJson) && Files.exists(merges)) {
            JsonPart vocabulary = JsonPart.parse(vocabJson.toString(), read(vocabJson));
            return VocabularyFiles.bytePair(vocabulary, merges, read(merges), roles, configuration);
        }
        throw new InputException(
                modelFolder.toString(),
                "",
                "has no tokenizer",
                "add its tokenizer.json, its vocab.txt, or its vocab.json and merges.txt");
    }

    /**
     * Reads the content of a tokenizer.json. Padding and truncation saved in it are ignored.
     *
     * @param sourceName what to call it in errors
     * @param json the file's bytes
     * @return the tokenizer
     * @throws InputException if it is damaged or of another family
     */
    public static Tokenizer fromTokenizerJson(String sourceName, byte[] json) throws InputException {
        String text;
        try {
            text = TextFiles.decode(sourceName, json, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw asInput(sourceName, e);
        }
        return TokenizerJson.read(JsonPart.parse(sourceName, text), new TokenRoles());
    }

    /**
     * Reads a BERT vocabulary, one token a line, with BERT's usual text preparation.
     *
     * @param vocab the vocab.txt
     * @param lowerCase whether the model is uncased: lowers the case and removes accents
     * @return the tokenizer
     * @throws InputException if the file is missing, not UTF-8, has a token twice or lacks a special token
     */
    public static Tokenizer fromVocabTxt(Path vocab, boolean lowerCase) throws InputException {
        BertNormalizer normalizer = new BertNormalizer(true, true, lowerCase, lowerCase);
        return VocabularyFiles.wordPiece(vocab, read(vocab), normalizer, new TokenRoles(), null);
    }

    /**
     * Reads a RoBERTa or GPT-2 style vocabulary with its merges; no space is put before a text.
     *
     * @param vocabJson the vocab.json, an object of token and id
     * @param mergesTxt the merges.txt, a pair of tokens a line
     * @return the tokenizer
     * @throws InputException if a file is missing or damaged, or a special token or the part of a merge is not there
     */
    public static Tokenizer fromVocabAndMerges(Path vocabJson, Path mergesTxt) throws InputException {
        JsonPart vocabulary = JsonPart.parse(vocabJson.toString(), read(vocabJson));
        return VocabularyFiles.bytePair(vocabulary, mergesTxt, read(mergesTxt), new TokenRoles(), null);
    }

    private static Normalizer bertNormalizer(@Nullable JsonPart configuration) throws InputException {
        if (configuration == null) {
            return new BertNormalizer(true, true, true, true);
        }
        boolean lowercase = configuration.flag("do_lower_case", true);
        return new BertNormalizer(
                true,
                configuration.flag("tokenize_chinese_chars", true),
                configuration.flag("strip_accents", lowercase),
                lowercase);
    }

    private static @Nullable JsonPart readOptional(Path file) throws InputException {
        return Files.exists(file) ? JsonPart.parse(file.toString(), read(file)) : null;
    }

    private static String read(Path file) throws InputException {
        try {
            return TextFiles.read(file);
        } catch (IOException e) {
            throw asInput(file.toString(), e);
        }
    }

    private static InputException asInput(String source, IOException e) {
        return e instanceof InputException input
                ? input
                : new InputException(source, "", "cannot be read: " + e.getMessage(), "check its permissions", e);
    }
}
