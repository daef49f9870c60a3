package org.infoprompt.bench.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.CpuFeatures;
import org.infoprompt.ops.Precision;

/**
 * Prints which backend multiplies which shape fastest, as a Markdown table of GFLOP a second of processor time on one
 * thread: the ways take turns, and the median of all turns counts, so that other load on the machine meets all of them. The backends' constants come from it.
 */
public final class LinearTable {
    /** Output and input width: MiniLM's and bge-small's layers, BERT's, and the head sizes between. */
    private static final int[][] WEIGHTS = {
        {384, 384}, {1152, 384}, {1536, 384}, {384, 1536}, {768, 768}, {3072, 768}, {768, 3072}
    };

    private static final int[] ROWS = {1, 4, 8, 16, 32, 64, 256, 1024};
    private static final double OPERATIONS_A_TURN = 5e8;
    private static final long WARM_UP_NANOS = 400_000_000L;

    private LinearTable() {}

    /**
     * Measures and prints.
     *
     * @param arguments how many turns each way gets; 15 by default
     */
    public static void main(String[] arguments) {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        CpuFeatures cpu = CpuFeatures.detect();
        System.out.printf("%s, JDK %s, one thread, GFLOP/s%n%n", cpu.model(), Runtime.version());
        System.out.println("| rows, out, in | " + String.join(" | ", columns()) + " |");
        System.out.println("|---".repeat(columns().size() + 1) + "|");
        for (int[] weight : WEIGHTS) {
            for (int rows : ROWS) {
                try (LinearLayer layer = new LinearLayer(rows, weight[0], weight[1])) {
                    System.out.printf("| %d, %d, %d | %s |%n", rows, weight[0], weight[1], line(layer, turns));
                }
            }
        }
    }

    /** Returns the ways' names in the order of the table. */
    private static List<String> columns() {
        List<String> names = new ArrayList<>(backends().keySet());
        names.add("oneDNN layer fp32");
        names.add("oneDNN layer bf16");
        return names;
    }

    private static Map<String, Backend> backends() {
        Map<String, Backend> all = new LinkedHashMap<>();
        for (String name : List.of("vector", "torch", "native")) {
            for (Backends.Candidate candidate : Backends.all()) {
                if (candidate.provider().name().equals(name)
                        && candidate.availability().usable()) {
                    Backend backend = candidate.provider().backend();
                    for (Precision precision : backend.precisions()) {
                        all.put(name + " " + precision.text(), backend.with(precision));
                    }
                }
            }
        }
        return all;
    }

    private static String line(LinearLayer layer, int turns) {
        List<LinearLayer.Way> ways = new ArrayList<>();
        for (Backend backend : backends().values()) {
            ways.add(layer.by(backend));
        }
        ways.add(layer.byPackedLinear(ElementType.F32));
        ways.add(layer.byPackedLinear(ElementType.BF16));
        double[][] rates = new double[ways.size()][turns];
        int calls = (int) Math.max(1, OPERATIONS_A_TURN / layer.operations());
        for (LinearLayer.Way way : ways) {
            long end = CpuClock.nanos() + WARM_UP_NANOS;
            while (CpuClock.nanos() < end) {
                way.run();
            }
        }
        for (int turn = 0; turn < turns; turn++) {
            for (int w = 0; w < rates.length; w++) {
                long start = CpuClock.nanos();
                for (int i = 0; i < calls; i++) {
                    ways.get(w).run();
                }
                rates[w][turn] = layer.operations() * calls / (CpuClock.nanos() - start);
            }
        }
        ways.forEach(LinearLayer.Way::close);
        return Arrays.stream(rates).map(LinearTable::median).collect(Collectors.joining(" | "));
    }

    private static String median(double[] rates) {
        Arrays.sort(rates);
        return String.format(Locale.ROOT, "%.0f", rates[rates.length / 2]);
    }
}
