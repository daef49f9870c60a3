package org.infoprompt.data;

import java.util.List;
import org.infoprompt.metric.Metric;

/**
 * What is known of a built-in task before its files are read.
 *
 * @param name the name it is asked for by, for example {@code cola}
 * @param description what it is, which files it reads and which split they become
 * @param metric what it is judged by; what else is usual to report is named in the description
 * @param pair whether its examples are pairs of texts
 * @param labels label names in index order
 * @param licenceNote what its authors say about use
 */
public record TaskInfo(
        String name, String description, Metric metric, boolean pair, List<String> labels, String licenceNote) {
    /**
     * Copies the labels.
     *
     * @param name the name it is asked for by
     * @param description what it is
     * @param metric what it is judged by
     * @param pair whether its examples are pairs
     * @param labels label names in index order
     * @param licenceNote what its authors say about use
     */
    public TaskInfo {
        labels = List.copyOf(labels);
    }
}
