package network.conet.edge.services.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.services.engine.HostStop;
import network.conet.edge.services.engine.WasmInstance;

/**
 * One instance, and the call that it is running. What the host does for a guest costs the guest fuel: a part for each
 * function and one unit for each eight bytes.
 */
final class Guest {
    private static final int HOST_CALL_FUEL = 50;
    private static final int BYTES_A_UNIT = 8;

    private WasmInstance instance;
    private GuestCall call;

    void attach(WasmInstance made) {
        instance = made;
    }

    WasmInstance instance() {
        return instance;
    }

    void begin(GuestCall running) {
        call = running;
    }

    /** The running call. A start function runs in none; it may only compute. */
    GuestCall call() {
        if (call == null) {
            throw HostStop.because(RefuseReason.GUEST_TRAPPED);
        }
        return call;
    }

    void charge(long bytes) {
        running().charge(HOST_CALL_FUEL + bytes / BYTES_A_UNIT);
    }

    private WasmInstance running() {
        if (instance == null) {
            throw HostStop.because(RefuseReason.GUEST_TRAPPED);
        }
        return instance;
    }

    /** Bytes of the guest's memory, charged for before they are copied. */
    byte[] read(long address, long length) {
        charge(Integer.toUnsignedLong((int) length));
        return running().read((int) address, (int) length);
    }

    void write(long address, byte[] bytes) {
        write(address, bytes, bytes.length);
    }

    void write(long address, byte[] bytes, int length) {
        charge(length);
        running().write((int) address, bytes, 0, length);
    }

    int readInt(long address) {
        return little(running().read((int) address, Integer.BYTES)).getInt();
    }

    void writeInt(long address, int value) {
        write(address, little(new byte[Integer.BYTES]).putInt(value).array());
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
