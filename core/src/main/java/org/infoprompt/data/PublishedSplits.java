package org.infoprompt.data;

import java.util.List;

/** The splits as the files have them; a split that is not published is empty. */
record PublishedSplits(List<Example> train, List<Example> dev, List<Example> test) {
    /** Reads the splits of one task from its folder. */
    @FunctionalInterface
    interface Reader {
        PublishedSplits read(java.nio.file.Path folder) throws java.io.IOException;
    }
}
