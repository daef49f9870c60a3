/** Serving, compared with ONNX Runtime on the same model and texts. */
@org.jspecify.annotations.NullMarked
package org.infoprompt.bench.serving;
