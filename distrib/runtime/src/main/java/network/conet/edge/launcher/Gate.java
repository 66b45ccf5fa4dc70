package network.conet.edge.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Lets output through until something has happened. */
final class Gate extends FilterOutputStream {
    private final BooleanSupplier isShut;

    Gate(OutputStream out, BooleanSupplier isShut) {
        super(out);
        this.isShut = isShut;
    }

    @Override
    public void write(int value) throws IOException {
        if (!isShut.getAsBoolean()) {
            out.write(value);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!isShut.getAsBoolean()) {
            out.write(bytes, offset, length);
        }
    }
}
