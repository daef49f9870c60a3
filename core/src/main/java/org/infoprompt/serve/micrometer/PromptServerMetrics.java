package org.infoprompt.serve.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.infoprompt.serve.LatencyCounts;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServerMetrics;

/**
 * Binds a server's counts and times. The server counts without Micrometer; meters read when they are asked, so that a request costs
 * nothing more.
 *
 * <pre>{@code
 * new PromptServerMetrics(server).bindTo(meterRegistry);
 * }</pre>
 */
public final class PromptServerMetrics implements MeterBinder {
    private static final double[] QUANTILES = {.5, .9, .99, .999};

    private final PromptServer server;

    /**
     * Creates a binder.
     *
     * @param server whose meters are bound; kept as long as the registry keeps them
     */
    public PromptServerMetrics(PromptServer server) {
        this.server = server;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "answered", ServerMetrics::completed);
        counter(registry, "overloaded", ServerMetrics::rejected);
        counter(registry, "deadline", ServerMetrics::expired);
        counter(registry, "cancelled", ServerMetrics::cancelled);
        counter(registry, "failed", ServerMetrics::failed);
        timer(
                registry,
                "queue",
                "from arrival until a worker took the request",
                server.metrics().queue());
        timer(
                registry,
                "encode",
                "of a batch's passes and heads",
                server.metrics().encode());
        timer(
                registry,
                "request",
                "from arrival until the answer",
                server.metrics().total());
        timer(registry, "prompt.load", "of a prompt's files", server.metrics().loads());
        sum(registry, "batches", "batches", ServerMetrics::batches);
        sum(registry, "batch.texts", "texts of all batches", ServerMetrics::batchTexts);
        sum(registry, "batch.rows", "encoder rows of all batches", ServerMetrics::batchRows);
        sum(registry, "batch.passes", "encoder passes of all batches", ServerMetrics::passes);
        sum(registry, "prompt.swaps", "versions that took another's place", ServerMetrics::swaps);
        sum(registry, "prompt.evictions", "prompts that made room for others", ServerMetrics::evictions);
        sum(registry, "prompt.refusals", "files in the watched folder that were refused", ServerMetrics::refusals);
        Gauge.builder("infoprompt.queue.size", server, PromptServer::queuedCalls)
                .description("requests that wait")
                .register(registry);
        Gauge.builder("infoprompt.queue.rows", server, PromptServer::queuedRows)
                .description("rows that wait")
                .register(registry);
        Gauge.builder("infoprompt.prompts", server, s -> s.registry().size())
                .description("registered prompts")
                .register(registry);
        Gauge.builder("infoprompt.prompts.loaded", server, s -> s.registry().loadedBytes())
                .description("bytes of loaded prompts")
                .baseUnit("bytes")
                .register(registry);
    }

    private void counter(MeterRegistry registry, String outcome, ToDoubleFunction<ServerMetrics> value) {
        FunctionCounter.builder("infoprompt.requests", server.metrics(), value)
                .tag("outcome", outcome)
                .description("requests by outcome")
                .register(registry);
    }

    private void sum(MeterRegistry registry, String name, String what, ToDoubleFunction<ServerMetrics> value) {
        FunctionCounter.builder("infoprompt." + name, server.metrics(), value)
                .description(what)
                .register(registry);
    }

    private static void timer(MeterRegistry registry, String name, String what, LatencyCounts counts) {
        FunctionTimer.builder(
                        "infoprompt." + name,
                        counts,
                        LatencyCounts::count,
                        LatencyCounts::totalNanos,
                        TimeUnit.NANOSECONDS)
                .description("time " + what)
                .register(registry);
        for (double quantile : QUANTILES) {
            TimeGauge.builder(
                            "infoprompt." + name + ".quantile",
                            counts,
                            TimeUnit.NANOSECONDS,
                            c -> c.quantileNanos(quantile))
                    .tag("quantile", Double.toString(quantile))
                    .description("quantile of the time " + what + ", since the start")
                    .register(registry);
        }
    }
}
