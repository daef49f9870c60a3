/**
 * Acceptance of a GPU: everything that can only be shown where one is. {@code bench/gpu-acceptance} runs it and leaves a JSON report.
 */
@org.jspecify.annotations.NullMarked
package org.infoprompt.bench.gpu;
