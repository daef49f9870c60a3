package org.infoprompt.text;

/**
 * A token that is found in the text before the model sees it.
 *
 * @param singleWord found only where no word character touches it
 * @param lstrip swallows white space before it
 * @param rstrip swallows white space behind it
 * @param normalized looked for in the normalized text, in its own normalized form
 * @param special has a role; the role matters to whoever reads ids, not to the search
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {}
