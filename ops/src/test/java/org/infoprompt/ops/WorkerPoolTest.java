package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyIndexRunsOnceOnAKnownWorker(int numWorkers) {
        try (WorkerPool pool = new WorkerPool(numWorkers)) {
            assertThat(pool.numWorkers()).isEqualTo(numWorkers);
            for (int count : new int[] {0, 1, 2, 3, 100, 1000}) {
                for (int repeat = 0; repeat < 20; repeat++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(count);
                    AtomicIntegerArray workers = new AtomicIntegerArray(numWorkers);
                    pool.run(count, (worker, index) -> {
                        runs.incrementAndGet(index);
                        workers.incrementAndGet(worker);
                    });
                    for (int i = 0; i < count; i++) {
                        assertThat(runs.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anExceptionReachesTheCallerAndThePoolGoesOn(int numWorkers) {
        try (WorkerPool pool = new WorkerPool(numWorkers)) {
            for (int repeat = 0; repeat < 20; repeat++) {
                assertThatThrownBy(() -> pool.run(50, (worker, index) -> {
                            if (index == 7) {
                                throw new IllegalArgumentException("piece 7");
                            }
                        }))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("piece 7");
                LongAdder runs = new LongAdder();
                pool.run(50, (worker, index) -> runs.increment());
                assertThat(runs.sum()).isEqualTo(50);
            }
            assertThatThrownBy(() -> pool.run(2, (worker, index) -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void aRunAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (WorkerPool pool = new WorkerPool(3)) {
            long[] sums = new long[3 * 16];
            WorkerPool.Job job = (worker, index) -> sums[16 * worker] += index;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20 && least > 0; round++) {
                long before = threads.getTotalThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    pool.run(8, job);
                }
                least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
            }
            // All threads of the JVM are counted: background threads get 8 bytes a run.
            assertThat(least).isLessThan(8 * 1000);
        }
    }

    @Test
    void refusesWorkWhenClosedAndClosesTwice() {
        WorkerPool pool = new WorkerPool(2);
        pool.close();
        pool.close();
        assertThatThrownBy(() -> pool.run(2, (worker, index) -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAJobWithinAJob() {
        try (WorkerPool pool = new WorkerPool(2)) {
            assertThatThrownBy(() -> pool.run(2, (worker, index) -> pool.run(2, (w, i) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already running");
        }
    }

    @Test
    void needsAWorker() {
        assertThatThrownBy(() -> new WorkerPool(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("numWorkers 0");
    }
}
