package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Follows every buffer of a test class and fails when one was lost. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger LEAKS = new AtomicInteger();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @SuppressWarnings("deprecation")
        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
            return newResourceLeakDetector(resource, interval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval) {
            return new ResourceLeakDetector<>(resource, 1) {
                @Override
                protected void reportTracedLeak(String type, String records) {
                    LEAKS.incrementAndGet();
                    super.reportTracedLeak(type, records);
                }

                @Override
                protected void reportUntracedLeak(String type) {
                    LEAKS.incrementAndGet();
                    super.reportUntracedLeak(type);
                }
            };
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        LEAKS.set(0);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // A lost buffer is found when it was collected and another one is made.
        for (int i = 0; i < 3; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        assertEquals(0, LEAKS.get(), "lost buffers; the log says where they were last used");
    }

}
