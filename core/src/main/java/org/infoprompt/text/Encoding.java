package org.infoprompt.text;

/**
 * An encoded input of T tokens. The arrays belong to whoever called; nothing keeps them.
 *
 * @param ids token ids, (T)
 * @param typeIds 0 for the first text and 1 for the second one, or what the model's template says, (T)
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier of two fresh arrays; it is never compared.
public record Encoding(int[] ids, int[] typeIds) {
    /**
     * Returns the number of tokens.
     *
     * @return T
     */
    public int length() {
        return ids.length;
    }
}
