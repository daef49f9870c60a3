package org.infoprompt.ops;

/** Attention by plain loops, in double or rounding every step to float. */
final class PlainAttention {
    /** Sequences, heads and the place of queries, keys and values in wider rows; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Layout(
            int numHeads,
            int headSize,
            int[] queryStarts,
            int[] keyStarts,
            int qStride,
            int kvStride,
            int kColumn,
            int vColumn) {
        int numSequences() {
            return queryStarts.length - 1;
        }

        int numQueries() {
            return queryStarts[numSequences()];
        }

        int numKeys() {
            return keyStarts[numSequences()];
        }

        int width() {
            return numHeads * headSize;
        }
    }

    private final Layout layout;
    private final boolean single;

    PlainAttention(Layout layout, boolean single) {
        this.layout = layout;
        this.single = single;
    }

    /** Writes out [Rq, D] and the log-sum-exp [Rq, H]. */
    void forward(double[] q, double[] kv, double[] out, double[] lse) {
        for (int i = 0; i < layout.numSequences(); i++) {
            int first = layout.keyStarts[i];
            int numKeys = layout.keyStarts[i + 1] - first;
            for (int r = layout.queryStarts[i]; r < layout.queryStarts[i + 1]; r++) {
                for (int h = 0; h < layout.numHeads; h++) {
                    double[] p = scores(q, kv, r, h, first, numKeys);
                    double max = Double.NEGATIVE_INFINITY;
                    for (double s : p) {
                        max = Math.max(max, s);
                    }
                    double sum = 0;
                    for (int j = 0; j < numKeys; j++) {
                        p[j] = round(Math.exp(round(p[j] - max)));
                        sum = round(sum + p[j]);
                    }
                    lse[r * layout.numHeads + h] = round(max + Math.log(sum));
                    for (int d = 0; d < layout.headSize; d++) {
                        double value = 0;
                        for (int j = 0; j < numKeys; j++) {
                            value = round(value + p[j] * kv[key(first + j, h) + layout.vColumn + d]);
                        }
                        out[r * layout.width() + h * layout.headSize + d] = round(value / sum);
                    }
                }
            }
        }
    }

    /** Overwrites the gradients' own columns. */
    void backward(double[] q, double[] kv, double[] lse, double[] dOut, double[] dq, double[] dkv) {
        double scale = round(1 / Math.sqrt(layout.headSize));
        for (int j = 0; j < layout.numKeys(); j++) {
            for (int d = 0; d < layout.width(); d++) {
                dkv[key(j, 0) + layout.kColumn + d] = 0;
                dkv[key(j, 0) + layout.vColumn + d] = 0;
            }
        }
        for (int i = 0; i < layout.numSequences(); i++) {
            int first = layout.keyStarts[i];
            int numKeys = layout.keyStarts[i + 1] - first;
            for (int r = layout.queryStarts[i]; r < layout.queryStarts[i + 1]; r++) {
                for (int h = 0; h < layout.numHeads; h++) {
                    int query = r * layout.qStride + h * layout.headSize;
                    int output = r * layout.width() + h * layout.headSize;
                    double[] p = scores(q, kv, r, h, first, numKeys);
                    double[] ds = new double[numKeys];
                    double mean = 0;
                    for (int j = 0; j < numKeys; j++) {
                        p[j] = round(Math.exp(round(p[j] - lse[r * layout.numHeads + h])));
                        for (int d = 0; d < layout.headSize; d++) {
                            ds[j] = round(ds[j] + dOut[output + d] * kv[key(first + j, h) + layout.vColumn + d]);
                        }
                        mean = round(mean + p[j] * ds[j]);
                    }
                    for (int d = 0; d < layout.headSize; d++) {
                        dq[query + d] = 0;
                    }
                    for (int j = 0; j < numKeys; j++) {
                        double slope = round(scale * p[j] * (ds[j] - mean));
                        int key = key(first + j, h);
                        for (int d = 0; d < layout.headSize; d++) {
                            int kd = key + layout.kColumn + d;
                            int vd = key + layout.vColumn + d;
                            dq[query + d] = round(dq[query + d] + slope * kv[kd]);
                            dkv[kd] = round(dkv[kd] + slope * q[query + d]);
                            dkv[vd] = round(dkv[vd] + p[j] * dOut[output + d]);
                        }
                    }
                }
            }
        }
    }

    private double[] scores(double[] q, double[] kv, int r, int h, int first, int numKeys) {
        double scale = round(1 / Math.sqrt(layout.headSize));
        double[] scores = new double[numKeys];
        for (int j = 0; j < numKeys; j++) {
            double sum = 0;
            for (int d = 0; d < layout.headSize; d++) {
                sum = round(sum
                        + q[r * layout.qStride + h * layout.headSize + d] * kv[key(first + j, h) + layout.kColumn + d]);
            }
            scores[j] = round(scale * sum);
        }
        return scores;
    }

    private int key(int row, int h) {
        return row * layout.kvStride + h * layout.headSize;
    }

    private double round(double x) {
        return single ? (float) x : x;
    }
}
