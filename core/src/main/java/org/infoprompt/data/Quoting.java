package org.infoprompt.data;

/** How quote characters of a delimited file are meant. */
public enum Quoting {
    /**
     * A {@code .csv} file is quoted. A {@code .tsv} or {@code .txt} file is literal, as GLUE's are, unless it shows
     * otherwise: its header has several cells and all are quoted, or every cell that begins with a quote is a well-formed quoted cell and at
     * least one of them holds a doubled quote.
     */
    AUTO,
    /** RFC 4180: a cell in double quotes may hold separators, line ends and doubled quotes. */
    CSV,
    /** A quote is a character like any other; a cell cannot hold a tab or a line end. */
    NONE
}
