package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.FlowLimits;

/**
 * One direction between two pipes. Used on the loop of its source; the sink may live on another. Buffers go from
 * socket to socket as they are.
 *
 * <p>Back-pressure: a sink whose unsent bytes are above the high mark pauses the source; it is resumed from the sink's
 * loop when they fell below the low mark. As the two may cross, whoever pauses looks once more.
 */
final class PipeFlow {
    private final ChannelPipe source;
    private final ChannelPipe sink;
    private final FlowLimits limits;
    private final Counters counters;
    private final CompletableFuture<Long> moved = new CompletableFuture<>();
    private AnswerGuard guard;
    private Deadline idle;
    private long startedNanos;
    private long bytes;

    PipeFlow(ChannelPipe source, ChannelPipe sink, FlowLimits limits, Counters counters) {
        this.source = source;
        this.sink = sink;
        this.limits = limits;
        this.counters = counters;
        this.guard = sink.isToNode() ? new AnswerGuard() : null;
    }

    ChannelPipe source() {
        return source;
    }

    ChannelPipe sink() {
        return sink;
    }

    CompletionStage<Long> moved() {
        return moved;
    }

    void start(long nowNanos) {
        startedNanos = nowNanos;
        idle = new Deadline(source.loop(), this::lookForIdleness);
        idle.in(limits.idle().toMillis());
    }

    /** Passes bytes on; the last ones that the limit allows, and then no more. */
    void take(ByteBuf in) {
        if (moved.isDone()) {
            in.release();
            return;
        }
        int length = (int) limits.bytes().take(in.readableBytes());
        boolean tooMany = length < in.readableBytes();
        in.writerIndex(in.readerIndex() + length);
        bytes += length;
        counters.add(Counter.TUNNEL_BYTES, length);
        long now = source.now();
        source.moved(now);
        sink.moved(now);
        Channel to = sink.channel();
        pass(to, in);
        if (tooMany) {
            closeBoth();
        } else if (!to.isWritable()) {
            source.pause();
            if (to.isWritable()) {
                source.resume();
            }
        }
    }

    private void pass(Channel to, ByteBuf in) {
        ByteBuf passed = guard == null ? in : guard.pass(to.alloc(), in);
        if (passed != null) {
            guard = null;
            to.write(passed, to.voidPromise());
        }
    }

    void flush() {
        sink.channel().flush();
    }

    /** Nothing more will be moved. */
    void finish() {
        ByteBuf rest = guard == null ? null : guard.rest();
        if (rest != null) {
            sink.channel().writeAndFlush(rest, sink.channel().voidPromise());
        }
        if (moved.complete(bytes) && idle != null) {
            idle.cancel();
        }
    }

    private void closeBoth() {
        flush();
        finish();
        sink.close();
        source.close();
    }

    /** Both flows of a pair look; what moved on either pipe counts for both. */
    private void lookForIdleness() {
        long last = startedNanos;
        last = later(last, source.movedNanos());
        last = later(last, sink.movedNanos());
        long idleMillis = TimeUnit.NANOSECONDS.toMillis(source.now() - last);
        long leftMillis = limits.idle().toMillis() - idleMillis;
        if (leftMillis <= 0) {
            closeBoth();
        } else {
            idle.in(leftMillis);
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
