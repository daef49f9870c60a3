package org.infoprompt.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NcuTableTest {
    @Test
    void metricsOfAKernelAreAddedAndOtherLinesLeftOut() {
        List<String> lines = List.of(
                "==PROF== Connected to process 7",
                "device: \"Some GPU\", 3 MB free",
                "\"ID\",\"Process Name\",\"Kernel Name\",\"Metric Name\",\"Metric Unit\",\"Metric Value\"",
                "\"0\",\"java\",\"first(int, const float *)\",\"dram__bytes_read.sum\",\"byte\",\"1,234\"",
                "\"0\",\"java\",\"first(int, const float *)\",\"dram__bytes_write.sum\",\"byte\",\"6\"",
                "\"0\",\"java\",\"first(int, const float *)\",\"gpu__time_duration.sum\",\"ns\",\"99\"",
                "\"1\",\"a \"\"java\"\"\",\"second\",\"dram__bytes_read.sum\",\"byte\",\"7\"");
        assertThat(NcuTable.bytesByKernel(lines)).isEqualTo(Map.of("first", 1240.0, "second", 7.0));
    }
}
