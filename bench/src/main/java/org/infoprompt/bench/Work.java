package org.infoprompt.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark's operations did, counted by formula and reported per second beside the throughput. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
    /** 10⁹ multiplications and additions of the products. */
    public double gigaflops;

    /** 10⁹ bytes that had to be read and written once. */
    public double gigabytes;

    /** Creates the counters; called by JMH. */
    public Work() {}

    void add(double flops, double bytes) {
        gigaflops += flops * 1e-9;
        gigabytes += bytes * 1e-9;
    }
}
