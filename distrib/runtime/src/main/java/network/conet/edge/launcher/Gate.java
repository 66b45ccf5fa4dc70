package network.conet.edge.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Lets output through as long as a condition holds. */
final class Gate extends FilterOutputStream {
    private final BooleanSupplier isOpen;

    Gate(OutputStream out, BooleanSupplier isOpen) {
        super(out);
        this.isOpen = isOpen;
    }

    @Override
    public void write(int value) throws IOException {
        if (isOpen.getAsBoolean()) {
            out.write(value);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (isOpen.getAsBoolean()) {
            out.write(bytes, offset, length);
        }
    }
}
