package network.conet.edge.services.wasm;

import java.util.Arrays;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Where the metered module is written. Bounded. */
final class ByteSink {
    private byte[] bytes;
    private int length;

    ByteSink(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    int length() {
        return length;
    }

    void u8(int value) throws RefusedException {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    void all(byte[] from, int begin, int end) throws RefusedException {
        reserve(end - begin);
        System.arraycopy(from, begin, bytes, length, end - begin);
        length += end - begin;
    }

    void all(ByteSink other) throws RefusedException {
        all(other.bytes, 0, other.length);
    }

    void u32(int value) throws RefusedException {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            u8(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        u8(rest);
    }

    void s64(long value) throws RefusedException {
        long rest = value;
        while (rest < -64 || rest > 63) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>= 7;
        }
        u8((int) rest & 0x7F);
    }

    private void reserve(int more) throws RefusedException {
        int wanted = length + more;
        if (wanted > ModuleLimits.METERED_BYTES_MAX) {
            throw new RefusedException(RefuseReason.MODULE_LIMIT_EXCEEDED,
                    "metered bytes over " + ModuleLimits.METERED_BYTES_MAX);
        }
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(wanted, bytes.length + (bytes.length >> 1)));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
