package network.conet.edge.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Measures a step by CPU time of the thread: in loops, in batches, the median of them. For one thread. */
final class CpuLoops {
    private static final int WARM_BATCHES = 2;
    private static final int CALLS_BETWEEN_LOOKS = 16;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final int batches;
    private final long batchNanos;
    /** What the loops computed, so that they cannot be left out. */
    private long sink;

    /**
     * @param batches to take the median of, 1 or more
     * @param batchMillis CPU time of each
     */
    CpuLoops(int batches, long batchMillis) {
        this.batches = batches;
        this.batchNanos = batchMillis * 1_000_000;
    }

    /** Microseconds of a call; the step returns something that depends on its work. */
    double micros(Callable<? extends Number> step) throws Exception {
        List<Double> micros = new ArrayList<>();
        for (int batch = -WARM_BATCHES; batch < batches; batch++) {
            long calls = 0;
            long began = threads.getCurrentThreadCpuTime();
            long now = began;
            while (now - began < batchNanos) {
                for (int i = 0; i < CALLS_BETWEEN_LOOKS; i++) {
                    sink += step.call().longValue();
                }
                calls += CALLS_BETWEEN_LOOKS;
                now = threads.getCurrentThreadCpuTime();
            }
            if (batch >= 0) {
                micros.add((now - began) / 1000.0 / calls);
            }
        }
        if (sink == 0) {
            throw new AssertionError("the loops computed nothing");
        }
        return median(micros);
    }

    /** CPU time of this thread, in nanoseconds. */
    long cpuNanos() {
        return threads.getCurrentThreadCpuTime();
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
