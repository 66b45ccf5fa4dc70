package network.conet.edge.bench.wasm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import network.conet.edge.protocol.JsonValue;

/**
 * One engine in a JVM of its own. Prints microseconds of the thread's CPU for each call (the best batch), wall
 * milliseconds from the bytes to the first answer, and heap bytes an instance.
 *
 * <p>Arguments: engine ({@code ours}, {@code chicory}, {@code wasmtime}), module, directory for a cache, milliseconds a
 * batch, batches.
 */
public final class MeasureWasm {
    private static final int WARM_BATCHES = 3;
    private static final int INSTANCES = 64;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long batchNanos;
    private final int batches;
    private long sink;

    private MeasureWasm(long batchMillis, int batches) {
        this.batchNanos = batchMillis * 1_000_000;
        this.batches = batches;
    }

    /** Measures one engine. */
    public static void main(String[] arguments) throws Exception {
        byte[] wasm = Files.readAllBytes(Path.of(arguments[1]));
        try (WasmSubject subject = subject(arguments[0], Path.of(arguments[2]))) {
            MeasureWasm measure = new MeasureWasm(Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]));
            System.out.println(measure.run(subject, wasm));
        }
    }

    private static WasmSubject subject(String name, Path cache) throws Exception {
        return switch (name) {
            case "ours" -> new Ours(cache);
            case "chicory" -> new BareChicory();
            case "wasmtime" -> new Wasmtime();
            default -> throw new IllegalArgumentException("no engine " + name);
        };
    }

    private JsonValue run(WasmSubject subject, byte[] wasm) throws Exception {
        JsonValue.Builder result = JsonValue.object();
        long began = System.nanoTime();
        subject.load(wasm);
        Kernels kernels = subject.instance();
        sink += kernels.call("nop");
        result.put("coldMillis", JsonValue.of((System.nanoTime() - began) / 1e6));

        byte[] input = new byte[1024];
        byte[] output = new byte[1024];
        result.put("sha256", micros(() -> kernels.call("sha256_64k")));
        result.put("fib", micros(() -> kernels.call("fib_25")));
        result.put("sieve", micros(() -> kernels.call("sieve_64k")));
        result.put("nop", micros(() -> kernels.call("nop")));
        result.put("kibibyte", micros(() -> kernels.kibibyte(input, output)));
        result.put("instance", micros(() -> once(subject)));
        result.put("instanceBytes", instanceBytes(subject));
        if (subject instanceof Ours) {
            OurGuests guests = new OurGuests(Path.of("distrib/services/echo/service.wasm"), wasm);
            result.put("guestEmpty", micros(guests::empty));
            result.put("guestKibibyte", micros(guests::kibibyte));
            guests.close();
        }
        return result.put("sink", sink != 0).build();
    }

    private static int once(WasmSubject subject) throws Exception {
        try (Kernels fresh = subject.instance()) {
            return fresh.call("nop");
        }
    }

    private JsonValue micros(Callable<Integer> call) throws Exception {
        double best = Double.MAX_VALUE;
        int times = 1;
        for (int batch = -WARM_BATCHES; batch < batches; batch++) {
            long wall = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            long done = 0;
            do {
                for (int i = 0; i < times; i++) {
                    sink += call.call();
                }
                done += times;
                if (System.nanoTime() - wall < batchNanos / 20) {
                    times *= 2;
                }
            } while (System.nanoTime() - wall < batchNanos);
            double micros = (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / done;
            best = batch < 0 ? best : Math.min(best, micros);
        }
        return JsonValue.of(best);
    }

    /** Heap that instances take beyond the module; what an engine keeps outside the heap is not seen. */
    private JsonValue instanceBytes(WasmSubject subject) throws Exception {
        List<Kernels> kept = new ArrayList<>();
        long before = usedBytes();
        for (int i = 0; i < INSTANCES; i++) {
            kept.add(subject.instance());
        }
        long bytes = (usedBytes() - before) / INSTANCES;
        for (Kernels each : kept) {
            sink += each.call("nop");
            each.close();
        }
        return JsonValue.of(bytes);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
