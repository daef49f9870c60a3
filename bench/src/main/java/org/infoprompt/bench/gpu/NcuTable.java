package org.infoprompt.bench.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table that {@code ncu --csv --print-units base} prints among other lines: a row for each launch and metric. */
final class NcuTable {
    private NcuTable() {}

    /** {@return the bytes that each kernel moved, all its metrics together} */
    static Map<String, Double> bytesByKernel(List<String> lines) {
        Map<String, Double> bytes = new HashMap<>();
        List<String> header = List.of();
        for (String line : lines) {
            if (!line.startsWith("\"")) {
                continue;
            }
            List<String> cells = cells(line);
            if (cells.contains("Metric Value")) {
                header = cells;
            } else if (cells.size() == header.size()
                    && cells.get(header.indexOf("Metric Unit")).equals("byte")) {
                // The name may come with its parameters.
                String kernel = cells.get(header.indexOf("Kernel Name")).replaceFirst("\\(.*", "");
                String value = cells.get(header.indexOf("Metric Value")).replace(",", "");
                bytes.merge(kernel, Double.parseDouble(value), Double::sum);
            }
        }
        return bytes;
    }

    /** Splits quoted cells; a quote in a cell is doubled. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    cell.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
