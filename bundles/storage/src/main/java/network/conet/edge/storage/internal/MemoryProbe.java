package network.conet.edge.storage.internal;

import java.util.concurrent.TimeUnit;

/**
 * Tells when the heap is short. Most of what a heap holds is garbage, so how much of it is used says little: only
 * when it stays nearly full for a while it is collected once, and what is left then counts. Owned by the writer.
 */
public final class MemoryProbe {
    private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long COLLECT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Heap heap;
    private boolean isFull;
    private long fullSinceNanos;
    private boolean hasCollected;
    private long collectedNanos;
    private boolean isShort;

    /** A heap that can be asked and collected. */
    public interface Heap {
        /** The heap of this process. */
        Heap OWN = new Heap() {
            @Override
            public long usedBytes() {
                return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            }

            @Override
            public long maxBytes() {
                return Runtime.getRuntime().maxMemory();
            }

            @Override
            public void collect() {
                System.gc();
            }
        };

        /** What it holds now, garbage included. */
        long usedBytes();

        /** What it can hold. */
        long maxBytes();

        /** Collects garbage. */
        void collect();
    }

    /** Watches a heap. */
    public MemoryProbe(Heap heap) {
        this.heap = heap;
    }

    /** Whether memory is short; to be asked regularly. */
    public boolean isShort(long nowNanos) {
        if (!isNearlyFull()) {
            isFull = false;
            isShort = false;
            return false;
        }
        if (!isFull) {
            isFull = true;
            fullSinceNanos = nowNanos;
        }
        boolean mayCollect = !hasCollected || nowNanos - collectedNanos >= COLLECT_NANOS;
        if (mayCollect && nowNanos - fullSinceNanos >= FULL_NANOS) {
            hasCollected = true;
            collectedNanos = nowNanos;
            heap.collect();
            isShort = isNearlyFull();
            isFull = isShort;
        }
        return isShort;
    }

    /** A sixteenth, 4 MiB of the smallest heap, is what one large message takes on its way. */
    private boolean isNearlyFull() {
        return heap.usedBytes() > heap.maxBytes() - heap.maxBytes() / 16;
    }
}
