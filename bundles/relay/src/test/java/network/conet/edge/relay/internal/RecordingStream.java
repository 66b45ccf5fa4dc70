package network.conet.edge.relay.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.api.EventStream;

/** Keeps what is written; full after so many frames until the test drains it. */
class RecordingStream implements EventStream {
    final List<String> frames = new ArrayList<>();
    /** The same, one after the other, as they were. */
    final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    final Events events;
    /** Frames that still fit. */
    int room = Integer.MAX_VALUE;
    boolean isOpen = true;
    /** What a write throws, if not null. */
    RuntimeException broken;

    RecordingStream(Events events) {
        this.events = events;
    }

    @Override
    public boolean write(byte[] frame) {
        if (broken != null) {
            throw broken;
        }
        if (isOpen) {
            octets.writeBytes(frame);
            frames.add(new String(frame, StandardCharsets.UTF_8));
            room--;
        }
        return isWritable();
    }

    @Override
    public boolean isWritable() {
        return isOpen && room > 0;
    }

    @Override
    public void close() {
        if (isOpen) {
            isOpen = false;
            events.closed();
        }
    }

    void drain(int framesRead) {
        room = framesRead;
        events.writable();
    }
}
