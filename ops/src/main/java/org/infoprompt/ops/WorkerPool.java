package org.infoprompt.ops;

import java.util.concurrent.atomic.AtomicInteger;
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
    /** A monitor and not a lock with conditions, because each wait on a condition allocates a node. */
    private final Object monitor = new Object();

    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Job job;
    private volatile int numIndices;
    private volatile @Nullable Throwable failure;
    private long generation;
    private int running;
    /** How many take part in the job, the caller included: nobody waits for those who would find nothing to do. */
    private int active;

    private boolean closed;

    /**
     * Starts the pool.
     *
     * @param numWorkers how many threads work on a job, the caller included
     * @throws IllegalArgumentException if there is none
     */
    public WorkerPool(int numWorkers) {
        this(numWorkers, "infoprompt-worker");
    }

    /**
     * Starts the pool with threads that thread dumps tell from those of other pools.
     *
     * @param numWorkers how many threads work on a job, the caller included
     * @param name of the threads, before a hyphen and their number, from 1
     * @throws IllegalArgumentException if there is none
     */
    public WorkerPool(int numWorkers, String name) {
        if (numWorkers < 1) {
            throw new IllegalArgumentException("numWorkers " + numWorkers + " must be at least 1");
        }
        threads = new Thread[numWorkers - 1];
        boolean complete = false;
        try {
            for (int i = 0; i < threads.length; i++) {
                int worker = i + 1;
                threads[i] = Thread.ofPlatform()
                        .name(name + "-" + worker)
                        .daemon(true)
                        .start(() -> loop(worker));
            }
            complete = true;
        } finally {
            if (!complete) {
                // The system gave fewer threads than were asked for; those that run would wait for ever.
                close();
            }
        }
    }

    /** {@return how many threads work on a job, the caller included} */
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
        synchronized (monitor) {
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
            active = Math.min(count, threads.length + 1);
            running = active - 1;
            generation++;
            monitor.notifyAll();
        }
        work(0, newJob);
        awaitWorkers();
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }

    /** Waits for all workers even if interrupted: they use the caller's memory. The interrupt is passed on. */
    private void awaitWorkers() {
        boolean interrupted = false;
        synchronized (monitor) {
            while (running > 0) {
                try {
                    monitor.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            job = null;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
            synchronized (monitor) {
                while (generation == seen && !closed) {
                    try {
                        monitor.wait();
                    } catch (InterruptedException ignored) {
                        // Nobody may interrupt a worker; it ends when the pool is closed.
                    }
                }
                if (closed) {
                    return;
                }
                seen = generation;
                if (worker >= active) {
                    continue;
                }
                current = job;
            }
            if (current != null) {
                work(worker, current);
            }
            synchronized (monitor) {
                if (--running == 0) {
                    monitor.notifyAll();
                }
            }
        }
    }

    /** Stops the threads once they are idle; idempotent. */
    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
        }
    }
}
