package org.infoprompt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptServer;
import org.jspecify.annotations.Nullable;

/** Requests at a steady rate for a long time, while one prompt is published and rolled back again and again. */
final class SoakRun {
    private static final double SECONDS = 60;
    private static final long SWAP_MILLIS = 250;
    private static final String HEADER =
            "minute,answered,turnedAway,failed,swaps,p50Millis,p99Millis,p999Millis,maxMillis,"
                    + "residentMiB,collections,fullCollections,workerHeapBytesPerCall";

    private final PromptServer server;
    private final List<String> prompts;
    private final List<String> texts;
    private final int mostClasses;
    private final double perSecond;
    private final AtomicLong swaps = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** What one minute was like. */
    record Minute(
            int number,
            Histogram latency,
            long turnedAway,
            long failed,
            long swaps,
            long residentBytes,
            long collections,
            long fullCollections,
            double workerBytesPerCall) {
        private double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e6;
        }

        String csv() {
            return String.format(
                    Locale.ROOT,
                    "%d,%d,%d,%d,%d,%.3f,%.3f,%.3f,%.3f,%.1f,%d,%d,%.2f",
                    number,
                    latency.getTotalCount(),
                    turnedAway,
                    failed,
                    swaps,
                    millis(50),
                    millis(99),
                    millis(99.9),
                    millis(100),
                    residentBytes / 1048576.0,
                    collections,
                    fullCollections,
                    workerBytesPerCall);
        }
    }

    SoakRun(PromptServer server, List<String> prompts, List<String> texts, int mostClasses, double perSecond) {
        this.server = server;
        this.prompts = prompts;
        this.texts = texts;
        this.mostClasses = mostClasses;
        this.perSecond = perSecond;
    }

    /** Runs, tells of each minute when it is over, and writes all of them. */
    static void table(SoakRun soak, int minutes, @Nullable Path csv, Consumer<String> print) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        print.accept(HEADER);
        soak.run(minutes, minute -> {
            lines.add(minute.csv());
            print.accept(minute.csv());
        });
        if (csv != null) {
            AtomicFiles.write(csv, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void joinEvenIfInterrupted(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(int minutes, Consumer<Minute> told) throws IOException {
        Thread swapper = Thread.ofPlatform().name("swapper").daemon(true).start(this::swap);
        try {
            for (int i = 1; i <= minutes; i++) {
                told.accept(minute(i));
                Throwable thrown = failure.get();
                if (thrown != null) {
                    throw new IOException("a swap failed: " + thrown.getMessage(), thrown);
                }
            }
        } finally {
            swapper.interrupt();
            joinEvenIfInterrupted(swapper); // it reads the prompts and the backbone, which are closed next
        }
    }

    private Minute minute(int number) {
        long collections = ProcessNumbers.collections();
        long full = ProcessNumbers.fullCollections();
        long swapped = swaps.get();
        long bytes = ProcessNumbers.workersHeapBytes();
        OpenLoop loop = new OpenLoop(server, prompts, texts, mostClasses);
        loop.run(perSecond, SECONDS, number);
        bytes = ProcessNumbers.workersHeapBytes() - bytes;
        return new Minute(
                number,
                loop.fromDue(),
                loop.rejected(),
                loop.failed(),
                swaps.get() - swapped,
                ProcessNumbers.residentBytes(),
                ProcessNumbers.collections() - collections,
                ProcessNumbers.fullCollections() - full,
                bytes / (double) Math.max(1, loop.fromDue().getTotalCount()));
    }

    private void swap() {
        PromptRegistry registry = server.registry();
        String name = prompts.getFirst();
        Path folder = Objects.requireNonNull(registry.info(name)).folder();
        try {
            for (long i = 0; !Thread.interrupted(); i++) {
                if (i % 3 == 2) {
                    registry.rollBack(name);
                } else {
                    registry.publish(name, folder);
                }
                swaps.incrementAndGet();
                Thread.sleep(SWAP_MILLIS);
            }
        } catch (IOException | RuntimeException e) {
            failure.set(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
