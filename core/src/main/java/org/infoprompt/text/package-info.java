/**
 * Text to token ids, in pure Java and equal to Hugging Face {@code tokenizers}: BERT WordPiece and the byte-level BPE of
 * RoBERTa and GPT-2.
 *
 * <p>The walk of a text: added tokens such as {@code [MASK]} are cut out first, the rest is normalized, cut again at the
 * added tokens that are written in normalized form, split into words and tokenized word by word. Texts are
 * handled as code points; lone surrogates count as U+FFFD. Unicode properties come from a table in this package, not
 * from the JDK, because the two differ.
 */
@NullMarked
package org.infoprompt.text;

import org.jspecify.annotations.NullMarked;
