package network.conet.edge.services.internal;

import java.security.SecureRandom;
import java.util.Arrays;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyWriter;

/**
 * The reply to one command, sealed under the key that came with it. Written by one thread, which waits while the caller
 * takes its bytes slowly; the transport ends a caller who takes none at all.
 */
final class SealedReply implements EventStream.Events {
    private static final int SALT_BYTES = 16;

    private final ReplyWriter writer;
    private final EventStream stream;
    private final Object change = new Object();
    private boolean isClosed;

    SealedReply(Exchange exchange, ReplyKey key, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        writer = new ReplyWriter(key, salt);
        stream = exchange.octets(this);
    }

    /**
     * @throws RefusedException DEADLINE_PASSED when the thread is interrupted; REQUEST_TRUNCATED when nobody listens
     */
    void part(byte[] data) throws RefusedException {
        for (int at = 0; at < data.length; at += ReplyWriter.PIECE_BYTES_MAX) {
            int end = Math.min(data.length, at + ReplyWriter.PIECE_BYTES_MAX);
            if (!stream.write(writer.piece(Arrays.copyOfRange(data, at, end)))) {
                await();
            }
        }
    }

    private void await() throws RefusedException {
        synchronized (change) {
            while (!isClosed && !stream.isWritable()) {
                try {
                    change.wait();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new RefusedException(RefuseReason.DEADLINE_PASSED);
                }
            }
            if (isClosed) {
                throw new RefusedException(RefuseReason.REQUEST_TRUNCATED);
            }
        }
    }

    /** Sends the outcome and ends. */
    void end(JsonValue outcome) {
        stream.write(writer.last(outcome));
        stream.close();
    }

    @Override
    public void writable() {
        wake(false);
    }

    @Override
    public void closed() {
        wake(true);
    }

    private void wake(boolean isOver) {
        synchronized (change) {
            isClosed |= isOver;
            change.notifyAll();
        }
    }
}
