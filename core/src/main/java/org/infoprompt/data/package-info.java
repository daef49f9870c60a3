/**
 * Text classification data: named tasks in the files their authors publish, the user's own TSV, CSV and JSONL, splits and
 * few-shot samples. Every file is read strictly; what cannot be used is a {@link org.infoprompt.data.DataFormatException}
 * with file, line and remedy. White space around a text is removed, everything inside it stays as published.
 */
package org.infoprompt.data;
