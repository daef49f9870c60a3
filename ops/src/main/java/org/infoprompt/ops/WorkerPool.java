package org.infoprompt.ops;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share the indices of one job at a time. Idle workers sleep, they never spin; a job allocates
 * nothing. The caller works too, as worker 0.
 *
 * <p>Which worker runs which index is not determined: an index must compute the same whoever runs it.
 */
public final class WorkerPool implements AutoCloseable {
    /** One job: called once for every index. */
    @FunctionalInterface
    public interface Job {
        /**
         * Does one piece of work.
         *
         * @param worker who does it, in [0, numWorkers): the key to per-worker memory
         * @param index which piece, in [0, numIndices)
         */
        void run(int worker, int index);
    }

    private final Thread[] threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition started = lock.newCondition();
    private final Condition finished = lock.newCondition();
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Job job;
    private volatile int numIndices;
    private volatile @Nullable Throwable failure;
    private long generation;
    private int running;
    private boolean closed;

    /**
     * Starts the pool.
     *
     * @param numWorkers how many threads work on a job, the caller included
     * @throws IllegalArgumentException if there is none
     */
    public WorkerPool(int numWorkers) {
        if (numWorkers < 1) {
            throw new IllegalArgumentException("numWorkers " + numWorkers + " must be at least 1");
        }
        threads = new Thread[numWorkers - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = Thread.ofPlatform()
                    .name("infoprompt-worker-" + worker)
                    .daemon(true)
                    .start(() -> loop(worker));
        }
    }

    /** Returns how many threads work on a job, the caller included. */
    public int numWorkers() {
        return threads.length + 1;
    }

    /**
     * Runs a job to its end. One job at a time: not to be called from two threads at once, nor from within a job.
     *
     * @param count how many indices there are
     * @param newJob called for each of them
     * @throws IllegalStateException if the pool is closed
     */
    public void run(int count, Job newJob) {
        if (threads.length == 0 || count <= 1) {
            for (int i = 0; i < count; i++) {
                newJob.run(0, i);
            }
            return;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the worker pool is closed");
            }
            if (job != null) {
                throw new IllegalStateException("the worker pool is already running a job");
            }
            job = newJob;
            numIndices = count;
            failure = null;
            next.set(0);
            running = threads.length;
            generation++;
            started.signalAll();
        } finally {
            lock.unlock();
        }
        work(0, newJob);
        lock.lock();
        try {
            while (running > 0) {
                finished.awaitUninterruptibly();
            }
            job = null;
        } finally {
            lock.unlock();
        }
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }

    private void work(int worker, Job current) {
        int count = numIndices;
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            try {
                current.run(worker, i);
            } catch (RuntimeException | Error e) {
                failure = e;
                next.set(count);
                return;
            }
        }
    }

    private void loop(int worker) {
        long seen = 0;
        while (true) {
            Job current;
            lock.lock();
            try {
                while (generation == seen && !closed) {
                    started.awaitUninterruptibly();
                }
                if (closed) {
                    return;
                }
                seen = generation;
                current = job;
            } finally {
                lock.unlock();
            }
            if (current != null) {
                work(worker, current);
            }
            lock.lock();
            try {
                if (--running == 0) {
                    finished.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Stops the threads once they are idle; idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            started.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
