package org.infoprompt.serve;

import java.util.concurrent.atomic.AtomicInteger;
import org.infoprompt.model.RowDraft;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.ScannedText;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: laid out by its caller, computed by a worker, read by its caller; then used for the next. The status
 * says whose it is.
 */
final class PromptCall {
    static final int IDLE = 0;
    static final int QUEUED = 1;
    static final int RUNNING = 2;
    static final int DONE = 3;
    static final int FAILED = 4;
    /** Given up while it was waiting, by its caller or by whoever made room for another. */
    static final int DROPPED = 5;

    private final ScannedText scanned;
    final RowDraft rows = new RowDraft();
    final RowDraft plain = new RowDraft();
    final AtomicInteger status = new AtomicInteger(IDLE);

    @Nullable
    LoadedPrompt prompt;

    String tenant = "";
    boolean wantsState;
    /** [C] class scores before softmax. */
    double[] logits = new double[8];
    /** [D], if wanted. */
    float[] state = new float[0];

    long version;
    long arrivedNanos;
    long startedNanos;
    /** In {@link System#nanoTime}; {@link Long#MAX_VALUE} for none. */
    long deadlineNanos = Long.MAX_VALUE;
    /** Rows of all its passes. */
    int cost;

    volatile @Nullable Thread waiter;

    @Nullable
    Runnable whenDone;

    @Nullable
    ServingException failure;

    /** Links of the queue: of its tenant, and of all. */
    @Nullable
    PromptCall nextOfTenant;

    @Nullable
    PromptCall previousOfTenant;

    @Nullable
    PromptCall next;

    @Nullable
    PromptCall previous;

    FairQueue.@Nullable Tenant queuedAt;

    PromptCall(Tokenizer tokenizer) {
        scanned = new ScannedText(tokenizer);
    }

    /** Lays a text out for a prompt that the caller holds. */
    void layOut(LoadedPrompt held, String text, @Nullable String pair) {
        LoadedPrompt.Parts parts = held.parts();
        PromptPlacement placement = parts.placement();
        prompt = held;
        version = held.version();
        scanned.scan(text, pair, placement.maxLength() + 1);
        scanned.place(placement, rows);
        cost = rows.length() + placement.layout().numPrefixes();
        LoadedPrompt.Own own = parts.own();
        if (own != null && (own.readsSentence() || own.readsTokens())) {
            scanned.place(own.plain(), plain);
            cost += own.readsSentence() ? plain.length() : 0;
        }
        if (logits.length < parts.numClasses()) {
            logits = new double[parts.numClasses()];
        }
        failure = null;
    }

    /** Returns the prompt of a call that has one. */
    LoadedPrompt held() {
        LoadedPrompt held = prompt;
        if (held == null) {
            throw new IllegalStateException("a call without a prompt was queued");
        }
        return held;
    }

    /** Lets go of the prompt. */
    void letGo() {
        LoadedPrompt held = prompt;
        if (held != null) {
            prompt = null;
            held.release();
        }
    }
}
