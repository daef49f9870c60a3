package org.infoprompt.bench.serving;

import ai.onnxruntime.OrtException;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.text.Encoding;
import org.infoprompt.train.TrainingConfig;

/**
 * Embeds sentences one at a time, in turns with ONNX Runtime on the same exported model, and prints percentiles of both and their
 * ratios. Both give the mean over the last hidden states; the answers are compared. Ours starts from the text, ONNX Runtime from
 * token ids that were made before.
 */
public final class ServingPeer {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ServingPeer() {}

    /**
     * Runs the comparison.
     *
     * @param arguments {@code --model REFERENCE --onnx FILE --texts FILE --threads N --precision fp32|bf16 --rounds N --calls N}
     * @throws IOException if a file cannot be read
     * @throws OrtException if ONNX Runtime fails
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Precision precision =
                options.getOrDefault("--precision", "fp32").equals("bf16") ? Precision.BF16 : Precision.FP32;
        Backend backend = Backends.active().with(precision);
        int threads = Integer.parseInt(options.getOrDefault("--threads", "1"));
        int rounds = Integer.parseInt(options.getOrDefault("--rounds", "20"));
        int calls = Integer.parseInt(options.getOrDefault("--calls", "100"));
        String reference = options.getOrDefault("--model", "minilm");
        try (LoadedBackbone backbone = LoadedBackbone.open(reference, backend, true, ProgressListener.none());
                PromptModel model = meanOfWords(backbone);
                PromptSession session = model.openSession();
                OnnxEncoder onnx = new OnnxEncoder(
                        Path.of(options.getOrDefault("--onnx", "model.onnx")),
                        threads,
                        backbone.config().hiddenSize())) {
            List<String> texts = texts(backbone, Path.of(options.getOrDefault("--texts", "texts.txt")));
            run(backbone, session, onnx, texts, threads, rounds, calls);
        }
    }

    /** A head on the frozen encoder, whose state is the mean over all words; its parameters do not matter here. */
    private static PromptModel meanOfWords(LoadedBackbone backbone) throws IOException {
        Dataset data = new Dataset(
                "none",
                List.of("a", "b"),
                List.of(new Example("1", "a", null, 0), new Example("2", "b", null, 1)),
                List.of(new Example("3", "a", null, 0)),
                List.of(),
                Metric.ACCURACY,
                "none");
        Recipe recipe = new Recipe(
                "none",
                PromptMethods.get("head-only").configure(Map.of("read", "mean")),
                ObjectiveConfig.crossEntropyOnly(),
                new TrainingConfig(1, 2, 0, 0, 0, 0, 0, 7),
                128);
        return PromptModel.train(backbone, data, recipe, TrainOptions.defaults().withThreads(1));
    }

    /** Sentences of 24 to 40 tokens, or all if there are too few of them. */
    private static List<String> texts(LoadedBackbone backbone, Path file) throws IOException {
        List<String> all = new ArrayList<>();
        List<String> fitting = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String text = line.split("\t", 2)[0];
            int length = text.isBlank()
                    ? 0
                    : backbone.tokenizer().encode(text, null, 128).length();
            if (length > 0) {
                all.add(text);
            }
            if (length >= 24 && length <= 40) {
                fitting.add(text);
            }
        }
        return fitting.size() < 20 ? all : fitting;
    }

    private static void run(
            LoadedBackbone backbone,
            PromptSession session,
            OnnxEncoder onnx,
            List<String> texts,
            int threads,
            int rounds,
            int calls)
            throws OrtException {
        int d = session.embeddingSize();
        float[] ours = new float[d];
        float[] theirs = new float[d];
        List<long[][]> inputs = new ArrayList<>();
        double rows = 0;
        double difference = 0;
        for (String text : texts) {
            Encoding encoding = backbone.tokenizer().encode(text, null, 128);
            long[] mask = new long[encoding.length()];
            Arrays.fill(mask, 1);
            long[][] input = {
                Arrays.stream(encoding.ids()).asLongStream().toArray(),
                Arrays.stream(encoding.typeIds()).asLongStream().toArray(),
                mask
            };
            inputs.add(input);
            rows += encoding.length();
            session.embed(text, ours);
            onnx.embed(input[0], input[1], input[2], theirs);
            for (int j = 0; j < d; j++) {
                difference = Math.max(difference, Math.abs(ours[j] - theirs[j]));
            }
        }
        session.warmUp();
        for (int i = 0; i < 300; i++) {
            long[][] input = inputs.get(i % inputs.size());
            onnx.embed(input[0], input[1], input[2], theirs);
        }
        Histogram our = new Histogram(60_000_000_000L, 3);
        Histogram their = new Histogram(60_000_000_000L, 3);
        long ourBytes = 0;
        long theirBytes = 0;
        double[] medians = new double[rounds];
        int next = 0;
        for (int round = 0; round < rounds; round++) {
            Histogram ourRound = new Histogram(60_000_000_000L, 3);
            Histogram theirRound = new Histogram(60_000_000_000L, 3);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                String text = texts.get((next + i) % texts.size());
                long start = System.nanoTime();
                session.embed(text, ours);
                ourRound.recordValue(System.nanoTime() - start);
            }
            ourBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
            before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                long[][] input = inputs.get((next + i) % inputs.size());
                long start = System.nanoTime();
                onnx.embed(input[0], input[1], input[2], theirs);
                theirRound.recordValue(System.nanoTime() - start);
            }
            theirBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
            next += calls;
            our.add(ourRound);
            their.add(theirRound);
            medians[round] = ourRound.getValueAtPercentile(50) / (double) theirRound.getValueAtPercentile(50);
        }
        Arrays.sort(medians);
        System.out.printf(
                Locale.ROOT,
                "{\"backend\": \"%s %s %s\", \"threads\": %d, \"texts\": %d, \"tokens\": %.1f, \"maxDifference\": %.2e,"
                        + " \"oursMillis\": [%s], \"onnxMillis\": [%s], \"p50Ratio\": %.3f, \"p50RatioOfRounds\": [%.3f,"
                        + " %.3f, %.3f], \"p99Ratio\": %.3f, \"oursHeapBytes\": %.1f, \"onnxHeapBytes\": %.1f}%n",
                backbone.weights().backend().name(),
                backbone.weights().backend().precision().text(),
                backbone.weights().backend().description(),
                threads,
                texts.size(),
                rows / texts.size(),
                difference,
                percentiles(our),
                percentiles(their),
                our.getValueAtPercentile(50) / (double) their.getValueAtPercentile(50),
                medians[0],
                medians[rounds / 2],
                medians[rounds - 1],
                our.getValueAtPercentile(99) / (double) their.getValueAtPercentile(99),
                ourBytes / (double) ((long) rounds * calls),
                theirBytes / (double) ((long) rounds * calls));
    }

    private static String percentiles(Histogram histogram) {
        StringBuilder text = new StringBuilder();
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(String.format(Locale.ROOT, "%.3f", histogram.getValueAtPercentile(percentile) / 1e6));
        }
        return text.toString();
    }
}
