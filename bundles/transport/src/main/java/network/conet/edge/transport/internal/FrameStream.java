package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import network.conet.edge.api.Counter;
import network.conet.edge.api.EventStream;

/**
 * An answer that stays open. Writers may be any threads; frames go to the loop as tasks, in the order of the
 * calls, and what waits there counts as unsent, so that a writer that outruns the loop is told to wait.
 */
final class FrameStream implements EventStream {
    /** An empty frame, which readers skip. */
    private static final byte[] NO_FRAME = WireAnswers.ascii("\r\n\r\n");

    private final FrontConnection connection;
    private final FrontParts parts;
    private final Events events;
    private final boolean isFramed;
    /** Calls that are on their way to the loop. While there are some, no call may overtake them. */
    private final AtomicInteger callsQueued = new AtomicInteger();
    private final AtomicLong bytesQueued = new AtomicLong();
    /** A writer was told to wait and has not been told to go on. */
    private final AtomicBoolean writerWaits = new AtomicBoolean();
    private final AtomicBoolean closedTold = new AtomicBoolean();
    private volatile boolean open = true;
    private volatile ChannelHandlerContext ctx;

    private boolean flushPlanned;
    private long bytesBeforeWritable;
    private ScheduledFuture<?> drainTimer;

    /** @param isFramed whether it is an event stream, into which empty frames may be put; else the writer's octets */
    FrameStream(FrontConnection connection, FrontParts parts, Events events, boolean isFramed) {
        this.isFramed = isFramed;
        this.connection = connection;
        this.parts = parts;
        this.events = events;
    }

    /** Opens it with its header block. */
    void begin(PostedRequest request) {
        run(() -> {
            ctx = connection.startStream(request, this);
            if (ctx == null) {
                ended();
            } else {
                ByteBuf head = isFramed ? parts.answers.stream(ctx.alloc()) : parts.answers.octets(ctx.alloc());
                ctx.writeAndFlush(head, ctx.voidPromise());
                if (connection.peerEnded()) {
                    peerEnded();
                }
            }
        });
    }

    /** For a peer that has gone. */
    void beginClosed() {
        run(this::ended);
    }

    @Override
    public boolean write(byte[] frame) {
        if (!open) {
            return false;
        }
        bytesQueued.addAndGet(frame.length);
        run(() -> writeNow(frame));
        if (isWritable()) {
            return true;
        }
        writerWaits.set(true);
        // The buffer may have drained between the two lines above; then nobody would tell the writer.
        return isWritable() && writerWaits.compareAndSet(true, false);
    }

    @Override
    public boolean isWritable() {
        ChannelHandlerContext now = ctx;
        return open && bytesQueued.get() < TransportLimits.WRITE_HIGH_BYTES
                && (now == null || now.channel().isWritable());
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            run(() -> connection.endStream(this));
        }
    }

    /** On the loop: the connection takes more, or less. */
    void writabilityChanged() {
        if (ctx.channel().isWritable()) {
            cancelDrainTimer();
            tellWritable();
        } else if (drainTimer == null) {
            watchDrain();
        }
    }

    /**
     * On the loop: the peer sends no more. It may go on reading (4.3, 7), but most have gone altogether; their system
     * says so in answer to a write, and a socket without a sending peer tells it to who writes once more. A peer that
     * is an entry lingers before it goes, so there are several rounds.
     */
    void peerEnded() {
        probe(TransportLimits.PROBE_MILLIS);
    }

    /** A connection with unsent bytes needs no probe: it drains, or its time runs out. */
    private void probe(int nextMillis) {
        if (!open || !ctx.channel().isActive()) {
            return;
        }
        if (isFramed && ctx.channel().isWritable()) {
            ctx.writeAndFlush(ctx.alloc().directBuffer(NO_FRAME.length).writeBytes(NO_FRAME), ctx.voidPromise());
        }
        if (nextMillis <= TransportLimits.LINGER_MILLIS) {
            ctx.executor().schedule(() -> probe(2 * nextMillis), nextMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** On the loop: the connection has ended. */
    void ended() {
        open = false;
        cancelDrainTimer();
        if (closedTold.compareAndSet(false, true)) {
            guarded(events::closed);
        }
    }

    private void writeNow(byte[] frame) {
        bytesQueued.addAndGet(-frame.length);
        if (ctx == null || !ctx.channel().isActive()) {
            return;
        }
        for (int at = 0; at < frame.length; at += TransportLimits.FRAME_PIECE_BYTES) {
            int length = Math.min(TransportLimits.FRAME_PIECE_BYTES, frame.length - at);
            ByteBuf piece = ctx.alloc().directBuffer(length).writeBytes(frame, at, length);
            ctx.write(piece, ctx.voidPromise());
        }
        if (!flushPlanned) {
            flushPlanned = true;
            connection.onLoopLater(this::flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        ctx.flush();
        tellWritable();
    }

    private void tellWritable() {
        if (writerWaits.get() && isWritable() && writerWaits.compareAndSet(true, false)) {
            guarded(events::writable);
        }
    }

    /** The peer must take something in each drain time, however little: a slow peer is served, a dead one not. */
    private void watchDrain() {
        bytesBeforeWritable = ctx.channel().bytesBeforeWritable();
        drainTimer = ctx.executor().schedule(this::drainTimedOut, parts.settings.times().drainMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void drainTimedOut() {
        drainTimer = null;
        Channel channel = ctx.channel();
        if (!channel.isActive() || channel.isWritable()) {
            return;
        }
        if (channel.bytesBeforeWritable() < bytesBeforeWritable) {
            watchDrain();
            return;
        }
        parts.counters.add(Counter.LISTENERS_EVICTED, 1);
        ctx.close();
    }

    private void cancelDrainTimer() {
        if (drainTimer != null) {
            drainTimer.cancel(false);
            drainTimer = null;
        }
    }

    /** Runs on the loop: at once when there, else in the order of the calls. */
    private void run(Runnable call) {
        if (connection.inLoop() && callsQueued.get() == 0) {
            call.run();
            return;
        }
        callsQueued.incrementAndGet();
        boolean taken = connection.onLoopLater(() -> {
            callsQueued.decrementAndGet();
            call.run();
        });
        if (!taken) {
            // The loop has stopped, and every connection with it.
            open = false;
            if (closedTold.compareAndSet(false, true)) {
                guarded(events::closed);
            }
        }
    }

    /** What a listener of ours throws must not end the connection of another. */
    private void guarded(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException | AssertionError fault) {
            parts.faults.fault("a listener of a stream failed", fault);
        }
    }
}
