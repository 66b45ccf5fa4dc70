package network.conet.edge.storage.internal;

import java.lang.ref.SoftReference;

/**
 * Tells when the heap is short: by a soft reference, which the collector clears when, after collecting, hardly
 * anything is free. Reading how much of the heap is used would not tell; most of that is garbage. Not thread safe.
 */
public class MemoryProbe {
    private SoftReference<Object> canary = new SoftReference<>(new Object());

    /** Whether memory was short since this was last asked; to be asked every few seconds while there is work. */
    public boolean wasShort() {
        if (canary.get() != null) {
            return false;
        }
        canary = new SoftReference<>(new Object());
        return true;
    }
}
