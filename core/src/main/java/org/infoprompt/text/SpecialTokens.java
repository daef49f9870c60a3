package org.infoprompt.text;

/**
 * Ids of the tokens with a role of their own; -1 where the vocabulary has none.
 *
 * @param cls first token of an input, {@code [CLS]} or {@code <s>}
 * @param sep token after each text, {@code [SEP]} or {@code </s>}
 * @param mask token to be predicted, {@code [MASK]} or {@code <mask>}
 * @param pad filler, {@code [PAD]} or {@code <pad>}
 * @param unk stands for what the vocabulary cannot spell, {@code [UNK]} or {@code <unk>}
 * @param doubleSeparator whether two separators stand between the texts of a pair, as in RoBERTa
 */
public record SpecialTokens(int cls, int sep, int mask, int pad, int unk, boolean doubleSeparator) {}
