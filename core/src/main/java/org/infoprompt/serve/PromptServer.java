package org.infoprompt.serve;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.infoprompt.model.EncoderTeam;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.serve.ServingException.Reason;
import org.infoprompt.session.Prediction;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of many threads, platform or virtual, for any prompts of a registry. Callers split and lay out their own texts;
 * worker threads take what waits, of whatever prompts, through the encoder together. Closed by its owner, before the registry.
 *
 * <p>The queue is bounded in calls and in rows, and fair between tenants; what does not fit is turned away at once with {@link
 * ServingException.Reason#OVERLOADED}. Workers and callers park and never spin. A prompt's version is chosen when a request
 * arrives, and the request is answered by that version.
 */
public final class PromptServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PromptServer.class.getName());
    private static final int IDLE_CALLS = 256;
    private static final ThreadFactory ANSWERS =
            Thread.ofVirtual().name("infoprompt-answer-", 0).factory();

    private final PromptRegistry registry;
    private final ServerOptions options;
    private final ServerMetrics metrics;
    private final long collectNanos;
    private final int width;
    /** Guards everything below; held for moments only. Since JDK 24 virtual threads wait for it like platform threads. */
    private final Object lock = new Object();

    private final FairQueue queue;
    private final List<Worker> workers = new ArrayList<>();
    private final PromptCall[] idleCalls = new PromptCall[IDLE_CALLS];
    private int numIdleCalls;
    private @Nullable Worker collector;
    private boolean closed;
    private final Runnable freed = this::trimWorkers;

    /**
     * Starts a server.
     *
     * @param registry holds the prompts
     * @param options threads and bounds
     */
    public PromptServer(PromptRegistry registry, ServerOptions options) {
        this.registry = registry;
        this.options = options;
        metrics = registry.metrics();
        collectNanos = options.collect().toNanos();
        width = registry.backbone().config().hiddenSize();
        queue = new FairQueue(options.maxQueuedCalls(), options.maxQueuedRows());
        int longest = registry.backbone().config().maxPositions();
        int maxRows = Math.max(options.maxBatchRows(), longest);
        // Of the budget of prompts, because they are a part of them; the rest is for what all workers share.
        long ownBytes = registry.options().maxBytes() / 4 / options.numWorkers();
        boolean complete = false;
        try {
            for (int i = 0; i < options.numWorkers(); i++) {
                Worker worker = new Worker(
                        "infoprompt-serve-" + i,
                        new MixedPass(
                                registry.backbone(),
                                maxRows,
                                options.maxBatchTexts(),
                                options.cacheBytes(),
                                ownBytes,
                                registry::countWorkersBytes));
                workers.add(worker);
                worker.workWith(options.threadsPerWorker(), longest);
            }
            workers.forEach(worker -> worker.thread.start());
            registry.whenFreed(freed);
            complete = true;
        } finally {
            if (!complete) {
                giveUp();
            }
        }
    }

    /** Has workers give back what they keep for prompts that nobody can ask for any more; called by any thread, without the lock. */
    private void trimWorkers() {
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            worker.stale = true;
            LockSupport.unpark(worker.thread);
        }
    }

    /** Frees what was made when not all of it could be: memory or threads ran out. */
    private void giveUp() {
        synchronized (lock) {
            closed = true;
        }
        for (Worker worker : workers) {
            if (worker.thread.getState() == Thread.State.NEW) {
                worker.free();
            } else {
                LockSupport.unpark(worker.thread);
            }
        }
    }

    /** {@return the prompts it serves} */
    public PromptRegistry registry() {
        return registry;
    }

    /** {@return its threads and bounds} */
    public ServerOptions options() {
        return options;
    }

    /** {@return counts and times, shared with the registry} */
    public ServerMetrics metrics() {
        return metrics;
    }

    /** {@return D, elements of an embedding} */
    public int embeddingSize() {
        return width;
    }

    /** {@return how many requests wait now} */
    public int queuedCalls() {
        synchronized (lock) {
            return queue.size();
        }
    }

    /** {@return how many rows wait now} */
    public long queuedRows() {
        synchronized (lock) {
            return queue.rows();
        }
    }

    /** {@return whether new requests are turned away because the server was closed} */
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** {@return a caller with buffers of its own, for one thread at a time} */
    public PromptClient newClient() {
        return new PromptClient(this);
    }

    /**
     * Classifies a text and waits for the answer.
     *
     * @param prompt name of the prompt
     * @param text any text; what exceeds the prompt's length is cut off
     * @return class and probabilities
     * @throws ServingException if the request is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits; the request is then given up
     */
    public Prediction predict(String prompt, String text) throws ServingException, InterruptedException {
        return ask(PromptRequest.of(prompt, text)).prediction();
    }

    /**
     * Answers a request and waits for it.
     *
     * @param request what is asked
     * @return the answer
     * @throws ServingException if the request is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits; the request is then given up
     */
    public PromptReply ask(PromptRequest request) throws ServingException, InterruptedException {
        PromptCall call = borrow();
        boolean reusable = false;
        try {
            List<String> labels = enqueue(call, request, false, null);
            await(call);
            PromptReply reply = reply(call, request.prompt(), labels);
            reusable = true;
            return reply;
        } finally {
            if (reusable || call.status.get() != PromptCall.RUNNING) {
                giveBack(call);
            }
        }
    }

    private List<String> enqueue(PromptCall call, PromptRequest request, boolean state, @Nullable LoadedPrompt version)
            throws ServingException {
        call.tenant = request.tenant();
        call.wantsState = state;
        Duration timeout = request.timeout();
        long nanos = timeout == null ? Long.MAX_VALUE : Math.max(1, saturated(timeout));
        return enqueue(call, request.prompt(), request.text(), request.pair(), nanos, Integer.MAX_VALUE, version);
    }

    private static long saturated(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? 1 : Long.MAX_VALUE;
        }
    }

    private static PromptReply reply(PromptCall call, String prompt, List<String> labels) {
        double[] logits = Arrays.copyOf(call.logits, labels.size());
        long now = System.nanoTime();
        return new PromptReply(
                Prediction.ofLogits(logits, labels),
                prompt,
                call.version,
                Duration.ofNanos(call.startedNanos - call.arrivedNanos),
                Duration.ofNanos(now - call.arrivedNanos));
    }

    /**
     * Answers a request without waiting for it: the text is split, and a prompt that is not in memory read, before this returns. The
     * future ends when the request's timeout does, and cancelling it gives the request up if no worker has begun with it.
     *
     * @param request what is asked
     * @return the answer, or a {@link ServingException}; completed by a virtual thread
     */
    public CompletableFuture<PromptReply> submit(PromptRequest request) {
        return submit(request, null);
    }

    private CompletableFuture<PromptReply> submit(PromptRequest request, @Nullable LoadedPrompt version) {
        return submit(request, false, version, (call, labels) -> reply(call, request.prompt(), labels));
    }

    /**
     * Embeds a text without waiting for it: the state under the prompt that its class head reads. As {@link #submit} otherwise.
     *
     * @param request what is asked
     * @return the state, or a {@link ServingException}; completed by a virtual thread
     */
    public CompletableFuture<PromptEmbedding> submitEmbedding(PromptRequest request) {
        return submitEmbedding(request, null);
    }

    private CompletableFuture<PromptEmbedding> submitEmbedding(PromptRequest request, @Nullable LoadedPrompt version) {
        return submit(
                request,
                true,
                version,
                (call, labels) -> new PromptEmbedding(call.state.clone(), request.prompt(), call.version));
    }

    private <T> CompletableFuture<T> submit(
            PromptRequest request,
            boolean state,
            @Nullable LoadedPrompt version,
            BiFunction<PromptCall, List<String>, T> answer) {
        CompletableFuture<T> future = new CompletableFuture<>();
        PromptCall call = newCall();
        List<List<String>> labels = new ArrayList<>(1);
        call.whenDone = () -> ANSWERS.newThread(() -> {
                    ServingException failure = call.failure;
                    if (failure != null) {
                        future.completeExceptionally(failure);
                    } else {
                        synchronized (labels) {
                            future.complete(answer.apply(call, labels.getFirst()));
                        }
                    }
                })
                .start();
        try {
            synchronized (labels) {
                labels.add(enqueue(call, request, state, version));
            }
        } catch (ServingException e) {
            future.completeExceptionally(e);
        }
        // Also when somebody else ends it, as CompletableFuture.orTimeout does.
        var _ = future.whenComplete((reply, thrown) -> giveUp(call, Reason.CANCELLED));
        if (call.deadlineNanos != Long.MAX_VALUE && !future.isDone()) {
            endAtDeadline(call, future);
        }
        return future;
    }

    /** Workers look at deadlines only when they take a batch; whoever waits for a future hears of it in time. */
    private void endAtDeadline(PromptCall call, CompletableFuture<?> future) {
        CompletableFuture<Object> timer = new CompletableFuture<>();
        var _ = timer.orTimeout(Math.max(1, call.deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, late) -> {
                    // A call that a worker has begun with is computed to its end, but not waited for.
                    if (late != null
                            && !giveUp(call, Reason.DEADLINE)
                            && future.completeExceptionally(
                                    new ServingException(Reason.DEADLINE, "the deadline passed before the answer"))) {
                        metrics.missed(Reason.DEADLINE);
                    }
                });
        var _ = future.whenComplete((reply, thrown) -> timer.complete(null));
    }

    /**
     * Classifies many texts; as many wait at once as half of the queue holds.
     *
     * @param prompt name of the prompt
     * @param texts any texts
     * @return their classes, in order
     * @throws ServingException if one of them is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public List<Prediction> predict(String prompt, List<String> texts) throws ServingException, InterruptedException {
        List<PromptRequest> requests =
                texts.stream().map(text -> PromptRequest.of(prompt, text)).toList();
        return askAll(requests).stream().map(PromptReply::prediction).toList();
    }

    /**
     * Answers many requests; as many wait at once as half of the queue holds. Their timeouts count from this call, and those of one
     * prompt are answered by the same version.
     *
     * @param requests what is asked
     * @return the answers, in order
     * @throws ServingException if one of them is not answered, with the reason; those that wait are then given up
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public List<PromptReply> askAll(List<PromptRequest> requests) throws ServingException, InterruptedException {
        return all(requests, this::submit);
    }

    /**
     * Embeds many texts; as many wait at once as half of the queue holds. Their timeouts count from this call, and embeddings under one
     * prompt are of the same version, so that they can be compared.
     *
     * @param requests what is asked
     * @return the states under the prompts, in order
     * @throws ServingException if one of them is not answered, with the reason; those that wait are then given up
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public List<PromptEmbedding> embedAll(List<PromptRequest> requests) throws ServingException, InterruptedException {
        return all(requests, this::submitEmbedding);
    }

    /** Has as many wait at once as half of the queue holds, so that others find room, and asks on as answers come. */
    private <T> List<T> all(
            List<PromptRequest> requests, BiFunction<PromptRequest, LoadedPrompt, CompletableFuture<T>> submit)
            throws ServingException, InterruptedException {
        Map<String, LoadedPrompt> versions = new HashMap<>();
        try {
            for (PromptRequest request : requests) {
                if (!versions.containsKey(request.prompt())) {
                    versions.put(request.prompt(), hold(request.prompt()));
                }
            }
            return all(requests, versions, submit);
        } finally {
            versions.values().forEach(LoadedPrompt::release);
        }
    }

    private LoadedPrompt hold(String prompt) throws ServingException {
        try {
            return registry.acquire(prompt);
        } catch (ServingException e) {
            metrics.missed(e.reason());
            throw e;
        }
    }

    private <T> List<T> all(
            List<PromptRequest> requests,
            Map<String, LoadedPrompt> versions,
            BiFunction<PromptRequest, LoadedPrompt, CompletableFuture<T>> submit)
            throws ServingException, InterruptedException {
        long start = System.nanoTime();
        int most = Math.max(1, options.maxQueuedCalls() / 2);
        Deque<CompletableFuture<T>> waiting = new ArrayDeque<>();
        List<T> answers = new ArrayList<>(requests.size());
        boolean done = false;
        try {
            int asked = 0;
            while (answers.size() < requests.size()) {
                while (asked < requests.size() && waiting.size() < most) {
                    PromptRequest request = since(start, requests.get(asked));
                    LoadedPrompt version = Objects.requireNonNull(versions.get(request.prompt()));
                    CompletableFuture<T> answer = submit.apply(request, version);
                    if (!waiting.isEmpty() && isTurnedAway(answer)) {
                        break; // There may be room when the first answer has come.
                    }
                    waiting.add(answer);
                    asked++;
                }
                answers.add(waiting.getFirst().get());
                waiting.removeFirst();
            }
            done = true;
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServingException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } finally {
            if (!done) {
                waiting.forEach(answer -> answer.cancel(false));
            }
        }
    }

    /** Returns a request whose timeout counts from when all were asked. */
    private static PromptRequest since(long startNanos, PromptRequest request) {
        Duration timeout = request.timeout();
        return timeout == null ? request : request.withTimeout(timeout.minusNanos(System.nanoTime() - startNanos));
    }

    private static boolean isTurnedAway(CompletableFuture<?> answer) {
        return answer.isCompletedExceptionally()
                && answer.exceptionNow() instanceof ServingException e
                && e.reason() == Reason.OVERLOADED;
    }

    /**
     * Runs requests for some prompts until they stop getting faster, alone and together, so that the first real one is as fast as
     * later ones. Call it before the server is given to others.
     *
     * @param prompts names; one of each method is enough
     * @return how long it took
     * @throws ServingException if a prompt cannot be used
     * @throws InterruptedException if the thread is interrupted
     */
    public Duration warmUp(List<String> prompts) throws ServingException, InterruptedException {
        return ServerWarmUp.run(this, prompts);
    }

    PromptCall newCall() {
        PromptCall call = new PromptCall(registry.backbone().tokenizer());
        call.state = new float[width];
        return call;
    }

    private PromptCall borrow() {
        synchronized (lock) {
            if (numIdleCalls > 0) {
                return idleCalls[--numIdleCalls];
            }
        }
        return newCall();
    }

    private void giveBack(PromptCall call) {
        synchronized (lock) {
            if (numIdleCalls < IDLE_CALLS) {
                idleCalls[numIdleCalls++] = call;
            }
        }
    }

    /** Lays a call out, for a version that the caller holds if one is given, and puts it into the queue; returns the class names of the version that will answer. */
    List<String> enqueue(
            PromptCall call,
            String prompt,
            String text,
            @Nullable String pair,
            long timeoutNanos,
            int mostClasses,
            @Nullable LoadedPrompt version)
            throws ServingException {
        long now = System.nanoTime();
        call.status.set(PromptCall.IDLE);
        call.arrivedNanos = now;
        call.deadlineNanos = timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : now + timeoutNanos;
        call.failure = null;
        LoadedPrompt held = version != null && version.retain() ? version : hold(prompt);
        boolean queued = false;
        try {
            LoadedPrompt.Parts parts = held.parts();
            if (!parts.inputs().accepts(pair != null)) {
                throw new ServingException(
                        Reason.BAD_REQUEST,
                        "prompt '" + prompt + "' takes " + (pair == null ? "pairs of texts" : "single texts"));
            }
            if (parts.numClasses() > mostClasses) {
                throw new ServingException(
                        Reason.BAD_REQUEST,
                        "prompt '" + prompt + "' has " + parts.numClasses() + " classes, there is room for "
                                + mostClasses);
            }
            // A full queue turns a text away before it is split: four characters a token, and it is not longer than it
            // may be.
            int atLeast = parts.placement().numSlots()
                    + Math.min(text.length() / 16, parts.placement().maxLength() / 2);
            PromptCall dropped;
            synchronized (lock) {
                if (!queue.hasRoom(atLeast) && queue.victim(call.tenant) == null) {
                    throw overloaded();
                }
            }
            call.layOut(held, text, pair);
            List<String> labels = parts.labels();
            call.waiter = call.whenDone == null ? Thread.currentThread() : null;
            synchronized (lock) {
                dropped = admit(call);
                queued = true;
            }
            finish(dropped);
            return labels;
        } catch (ServingException e) {
            metrics.missed(e.reason());
            throw e;
        } finally {
            if (!queued) {
                call.prompt = null;
                held.release();
            }
        }
    }

    private ServingException overloaded() {
        return new ServingException(
                Reason.OVERLOADED,
                queue.size() + " requests of " + queue.rows() + " rows wait already; try again later");
    }

    /** Queues a call, pushing out what has to make room; returns what was pushed out, linked by {@link PromptCall#next}. */
    private @Nullable PromptCall admit(PromptCall call) throws ServingException {
        if (closed) {
            throw new ServingException(Reason.CLOSED, "the server is closed");
        }
        PromptCall dropped = null;
        while (!queue.hasRoom(call.cost)) {
            PromptCall victim = queue.victim(call.tenant);
            if (victim == null) {
                if (dropped == null) {
                    throw overloaded();
                }
                break;
            }
            drop(victim, Reason.OVERLOADED, "made room for a tenant with less waiting; try again later");
            victim.next = dropped;
            dropped = victim;
        }
        call.status.set(PromptCall.QUEUED);
        queue.add(call);
        wake();
        return dropped;
    }

    /** Takes a waiting call out of the queue; whoever does so finishes it without the lock. */
    private void drop(PromptCall call, Reason reason, String message) {
        queue.remove(call);
        call.failure = new ServingException(reason, message);
    }

    /** Tells the callers of calls that were dropped. */
    private void finish(@Nullable PromptCall dropped) {
        PromptCall call = dropped;
        while (call != null) {
            PromptCall next = call.next;
            call.next = null;
            ServingException failure = call.failure;
            metrics.missed(failure == null ? Reason.FAILED : failure.reason());
            complete(call, PromptCall.DROPPED);
            call = next;
        }
    }

    private static void complete(PromptCall call, int status) {
        Thread waiter = call.waiter;
        Runnable whenDone = call.whenDone;
        try {
            call.letGo();
        } finally {
            call.status.set(status);
            if (whenDone != null) {
                whenDone.run();
            } else {
                LockSupport.unpark(waiter);
            }
        }
    }

    /** Wakes a worker if one has something to do now. */
    private void wake() {
        Worker collecting = collector;
        if (collecting != null) {
            if (isFull()) {
                LockSupport.unpark(collecting.thread);
            }
            return;
        }
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            if (worker.idle) {
                worker.idle = false;
                LockSupport.unpark(worker.thread);
                return;
            }
        }
    }

    private boolean isFull() {
        return queue.size() >= options.maxBatchTexts() || queue.rows() >= options.maxBatchRows();
    }

    /** Waits for a queued call. */
    void await(PromptCall call) throws ServingException, InterruptedException {
        while (true) {
            int status = call.status.get();
            if (status == PromptCall.DONE) {
                return;
            }
            if (status == PromptCall.FAILED || status == PromptCall.DROPPED) {
                ServingException failure = call.failure;
                throw failure == null ? new ServingException(Reason.FAILED, "the request failed") : failure;
            }
            if (Thread.interrupted()) {
                if (giveUp(call, Reason.CANCELLED)) {
                    throw new InterruptedException("interrupted while the request waited");
                }
                if (call.status.get() == PromptCall.RUNNING) {
                    metrics.missed(Reason.CANCELLED);
                    throw new InterruptedException("interrupted while the request was computed");
                }
                Thread.currentThread().interrupt();
                continue;
            }
            if (call.deadlineNanos == Long.MAX_VALUE) {
                LockSupport.park(this);
                continue;
            }
            long left = call.deadlineNanos - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (giveUp(call, Reason.DEADLINE) || call.status.get() == PromptCall.RUNNING) {
                ServingException late = new ServingException(Reason.DEADLINE, "the deadline passed before the answer");
                if (call.status.get() == PromptCall.RUNNING) {
                    metrics.missed(Reason.DEADLINE);
                }
                throw late;
            }
        }
    }

    /** Takes a call back that no worker has begun with; false if one has. */
    private boolean giveUp(PromptCall call, Reason reason) {
        synchronized (lock) {
            if (call.status.get() != PromptCall.QUEUED || call.queuedAt == null) {
                return false;
            }
            queue.remove(call);
            call.failure = new ServingException(
                    reason,
                    reason == Reason.DEADLINE
                            ? "the deadline passed while the request waited"
                            : "the request was given up");
        }
        metrics.missed(reason);
        complete(call, PromptCall.DROPPED);
        return true;
    }

    /** A thread that computes batches. */
    private final class Worker implements Runnable {
        private final MixedPass pass;
        private final BatchEvent event = new BatchEvent();
        private final Thread thread;
        private @Nullable EncoderTeam team;
        private boolean idle;
        /** Whether prompts were freed for which buffers may be kept. */
        private volatile boolean stale;

        private int waiting;
        /** The batch's calls. Those that were told belong to their callers again, who may have asked anew with them. */
        private final PromptCall[] taken;

        private int numTaken;
        private int told;

        Worker(String name, MixedPass pass) {
            this.pass = pass;
            taken = new PromptCall[pass.maxTexts()];
            thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this);
        }

        /** Starts threads that help with a text that is alone, where texts are long enough for them. */
        void workWith(int numThreads, int longestText) {
            EncoderWeights weights = registry.backbone().weights();
            int threads = Math.min(
                    Math.min(numThreads, EncoderTeam.mostThreads(longestText)),
                    weights.backend().maxWorkers());
            if (threads > 1) {
                EncoderTeam made = new EncoderTeam(weights, longestText, SlotLayout.MAX, threads, thread.getName());
                team = made;
                pass.workWith(made);
            }
        }

        /** Frees the buffers and ends the threads that help. */
        void free() {
            pass.close();
            if (team != null) {
                team.close();
            }
        }

        @Override
        public void run() {
            try {
                while (next()) {
                    try {
                        compute();
                    } catch (RuntimeException | Error e) {
                        failAll(e);
                    }
                    pass.clear();
                    pass.endBatch();
                    Arrays.fill(taken, 0, numTaken, null);
                    numTaken = 0;
                    told = 0;
                }
            } finally {
                free();
            }
        }

        /** Waits for a batch; false when the server is closed and nothing waits any more. */
        private boolean next() {
            while (true) {
                if (stale) {
                    stale = false;
                    pass.trim();
                }
                long wait = Long.MAX_VALUE;
                PromptCall expired = null;
                synchronized (lock) {
                    idle = false;
                    PromptCall oldest = queue.oldest();
                    long now = System.nanoTime();
                    if (oldest == null) {
                        release();
                        if (closed) {
                            return false;
                        }
                        idle = true;
                    } else if (closed
                            || collectNanos == 0
                            || isFull()
                            || now - (oldest.arrivedNanos + collectNanos) >= 0) {
                        release();
                        expired = take(now);
                        if (queue.size() > 0) {
                            wake();
                        }
                        wait = 0;
                    } else if (collector == null || collector == this) {
                        collector = this;
                        wait = oldest.arrivedNanos + collectNanos - now;
                    } else {
                        idle = true;
                    }
                }
                finish(expired);
                if (pass.size() > 0) {
                    return true;
                }
                if (wait == Long.MAX_VALUE) {
                    LockSupport.park(PromptServer.this);
                } else if (wait > 0) {
                    LockSupport.parkNanos(PromptServer.this, wait);
                }
                // Nobody may interrupt a worker; it ends when the server is closed.
                Thread.interrupted();
            }
        }

        private void release() {
            if (collector == this) {
                collector = null;
            }
        }

        /** Fills the pass; returns calls whose deadline has passed. */
        private @Nullable PromptCall take(long now) {
            PromptCall expired = null;
            waiting = queue.size();
            for (PromptCall call = queue.peek(); call != null; call = queue.peek()) {
                if (call.deadlineNanos != Long.MAX_VALUE && now - call.deadlineNanos >= 0) {
                    drop(call, Reason.DEADLINE, "the deadline passed while the request waited");
                    call.next = expired;
                    expired = call;
                } else if (pass.fits(call)) {
                    queue.take(call);
                    call.status.set(PromptCall.RUNNING);
                    call.startedNanos = now;
                    taken[numTaken++] = call;
                    pass.add(call);
                } else {
                    break;
                }
            }
            // While others wait, threads do more with a text each than with a part of one.
            pass.share(numTaken == 1 && queue.size() == 0);
            return expired;
        }

        private void compute() {
            event.begin();
            long start = System.nanoTime();
            Throwable failure = null;
            try {
                pass.run();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            if (failure != null) {
                oneByOne(failure);
                return;
            }
            long end = System.nanoTime();
            metrics.batch(pass.size(), pass.rowsRun(), pass.passes(), end - start);
            event.end();
            if (event.shouldCommit()) {
                event.texts = pass.size();
                event.rows = pass.rowsRun();
                event.passes = pass.passes();
                event.threads = pass.numThreads();
                event.waiting = waiting;
                event.commit();
            }
            while (told < numTaken) {
                answered(taken[told++], end);
            }
        }

        /** After something that no request caused, so that no caller waits for ever. */
        private void failAll(Throwable failure) {
            LOGGER.log(System.Logger.Level.ERROR, "a batch was not finished", failure);
            while (told < numTaken) {
                PromptCall call = taken[told++];
                call.failure = new ServingException(Reason.FAILED, "the batch failed: " + failure, failure);
                metrics.missed(Reason.FAILED);
                try {
                    complete(call, PromptCall.FAILED);
                } catch (RuntimeException | Error e) {
                    LOGGER.log(System.Logger.Level.ERROR, "a request was not ended", e);
                }
            }
        }

        private void answered(PromptCall call, long end) {
            metrics.answered(call.startedNanos - call.arrivedNanos, end - call.arrivedNanos);
            complete(call, PromptCall.DONE);
        }

        /** After a failure, so that only the call that caused it suffers. */
        private void oneByOne(Throwable first) {
            while (told < numTaken) {
                PromptCall call = taken[told];
                Throwable failure = numTaken == 1 ? first : null;
                if (failure == null) {
                    pass.clear();
                    pass.add(call);
                    try {
                        pass.run();
                    } catch (RuntimeException | Error e) {
                        failure = e;
                    }
                }
                told++;
                if (failure == null) {
                    answered(call, System.nanoTime());
                } else {
                    LOGGER.log(
                            System.Logger.Level.WARNING,
                            "a request for prompt " + call.held().name() + " failed",
                            failure);
                    call.failure = new ServingException(Reason.FAILED, "the computation failed: " + failure, failure);
                    metrics.missed(Reason.FAILED);
                    complete(call, PromptCall.FAILED);
                }
            }
        }
    }

    /** Answers what waits, turns new requests away, stops the workers and frees their buffers; idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            for (Worker worker : workers) {
                LockSupport.unpark(worker.thread);
            }
        }
        registry.noLongerWhenFreed(freed);
        boolean interrupted = false;
        for (Worker worker : workers) {
            while (worker.thread.isAlive()) {
                try {
                    worker.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
