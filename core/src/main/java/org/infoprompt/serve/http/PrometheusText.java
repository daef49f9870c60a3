package org.infoprompt.serve.http;

import java.util.Locale;
import org.infoprompt.serve.LatencyCounts;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServerMetrics;

/** A server's counts and times in the text format that Prometheus reads. */
final class PrometheusText {
    private static final double[] QUANTILES = {.5, .9, .99, .999};

    private final StringBuilder text = new StringBuilder();

    private PrometheusText() {}

    static String of(PromptServer server) {
        PrometheusText out = new PrometheusText();
        ServerMetrics m = server.metrics();
        out.type("infoprompt_requests_total", "counter", "Requests by outcome.");
        out.line("infoprompt_requests_total{outcome=\"answered\"}", m.completed());
        out.line("infoprompt_requests_total{outcome=\"overloaded\"}", m.rejected());
        out.line("infoprompt_requests_total{outcome=\"deadline\"}", m.expired());
        out.line("infoprompt_requests_total{outcome=\"cancelled\"}", m.cancelled());
        out.line("infoprompt_requests_total{outcome=\"failed\"}", m.failed());
        out.counter("infoprompt_batches_total", "Batches.", m.batches());
        out.counter("infoprompt_batch_texts_total", "Texts of all batches.", m.batchTexts());
        out.counter("infoprompt_batch_rows_total", "Encoder rows of all batches.", m.batchRows());
        out.counter("infoprompt_passes_total", "Encoder passes.", m.passes());
        out.counter("infoprompt_prompt_swaps_total", "Versions that took another's place.", m.swaps());
        out.counter("infoprompt_prompt_evictions_total", "Prompts that made room for others.", m.evictions());
        out.counter("infoprompt_prompt_refusals_total", "Files in the watched folder that were refused.", m.refusals());
        out.gauge("infoprompt_queue_requests", "Requests that wait.", server.queuedCalls());
        out.gauge("infoprompt_queue_rows", "Rows that wait.", server.queuedRows());
        out.gauge("infoprompt_prompts", "Registered prompts.", server.registry().size());
        out.gauge(
                "infoprompt_prompts_loaded_bytes",
                "Bytes of loaded prompts.",
                server.registry().loadedBytes());
        out.summary("infoprompt_request_seconds", "Time from arrival until the answer.", m.total());
        out.summary("infoprompt_queue_seconds", "Time from arrival until a worker took the request.", m.queue());
        out.summary("infoprompt_encode_seconds", "Time of a batch's passes and heads.", m.encode());
        out.summary("infoprompt_prompt_load_seconds", "Time to load a prompt.", m.loads());
        return out.text.toString();
    }

    private void type(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private void counter(String name, String help, long value) {
        type(name, "counter", help);
        line(name, value);
    }

    private void gauge(String name, String help, long value) {
        type(name, "gauge", help);
        line(name, value);
    }

    private void summary(String name, String help, LatencyCounts counts) {
        type(name, "summary", help);
        for (double quantile : QUANTILES) {
            seconds(name + "{quantile=\"" + quantile + "\"}", counts.quantileNanos(quantile));
        }
        seconds(name + "_sum", counts.totalNanos());
        line(name + "_count", counts.count());
    }

    private void seconds(String name, long nanos) {
        text.append(String.format(Locale.ROOT, "%s %.9f\n", name, nanos * 1e-9));
    }
}
