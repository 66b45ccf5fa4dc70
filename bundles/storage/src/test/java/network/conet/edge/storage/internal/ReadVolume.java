package network.conet.edge.storage.internal;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import network.conet.edge.api.Volume;

/** A disk whose reads are counted and may fail. */
final class ReadVolume {
    private final Volume inner;
    private Fault fault = (name, from, to) -> false;
    private long bytes;

    /** Tells which part of the disk cannot be read. */
    interface Fault {
        boolean hits(String name, long from, long to);
    }

    ReadVolume(Volume inner) {
        this.inner = inner;
    }

    /** Bytes that were read since the last call. */
    long takeBytes() {
        long read = bytes;
        bytes = 0;
        return read;
    }

    void fail(Fault what) {
        fault = what;
    }

    Volume volume() {
        return proxy(Volume.class, (self, method, arguments) -> {
            Object result = pass(inner, method, arguments);
            return method.getName().equals("open") ? file((String) arguments[0], (Volume.File) result) : result;
        });
    }

    private Volume.File file(String name, Volume.File file) {
        return proxy(Volume.File.class, (self, method, arguments) -> {
            if (!method.getName().equals("read")) {
                return pass(file, method, arguments);
            }
            long position = (long) arguments[1];
            if (fault.hits(name, position, position + ((ByteBuffer) arguments[0]).remaining())) {
                throw new IOException("unreadable sector");
            }
            int count = (int) pass(file, method, arguments);
            bytes += count;
            return count;
        });
    }

    private static Object pass(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException wrapped) {
            throw wrapped.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(ReadVolume.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
