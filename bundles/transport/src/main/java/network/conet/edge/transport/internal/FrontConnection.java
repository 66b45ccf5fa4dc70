package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * One accepted connection (section 2). Lives on its event loop; what other threads ask for comes through
 * {@link #onLoop}.
 *
 * <pre>
 *   HEAD ──header block──► BODY ──complete──► WAITING ──ok, refuse──► ENDING ──peer's end, quiet──► CLOSED
 *    ▲ │OPTIONS                                │ │ │                    ▲
 *    │ └─┐                                     │ │ └──stream──► STREAM ─┤
 *    └───┴──answered to a node of ours─────────┘ └──forward───► TUNNEL ─┘
 * </pre>
 *
 * From WAITING the connection may also be given away, as a {@link ChannelPipe}; nothing of it stays here.
 * From each state the peer's reset, or its time running out, leads to CLOSED. TUNNEL falls back to WAITING when the
 * next node could not be reached.
 */
final class FrontConnection extends ChannelInboundHandlerAdapter {
    private enum State { HEAD, BODY, WAITING, STREAM, TUNNEL, ENDING, CLOSED }

    private final FrontParts parts;
    private final LoopParts loop;
    private final RequestHead head = new RequestHead();
    private final BodyBuffer body;
    private final LateBytes late;

    private ChannelHandlerContext ctx;
    private Deadline deadline;
    private State state = State.HEAD;
    private ByteBuf held;
    private int headScanned;
    private boolean begun;
    private long begunNanos;
    private boolean optionsSeen;
    private boolean peerEnded;
    private PostedRequest request;
    private FrameStream stream;
    private Tunnel tunnel;
    private Ending ending;

    FrontConnection(FrontParts parts, LoopParts loop) {
        this.parts = parts;
        this.loop = loop;
        this.body = new BodyBuffer(parts.budget);
        this.late = new LateBytes(parts.budget);
    }

    // ---- what the socket says

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        deadline = new Deadline(added.executor(), this::expired);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        deadline.in(parts.settings.times().idleMillis());
        active.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = (ByteBuf) message;
        switch (state) {
            case HEAD, BODY -> {
                held = held == null ? in : Buffers.join(from.alloc(), held, in);
                consume();
            }
            case WAITING -> {
                if (!late.hold(from.alloc(), in)) {
                    setReading(false);
                }
            }
            case TUNNEL -> tunnel.fromClient(in);
            case ENDING -> {
                in.release();
                ending.moreCame();
            }
            case STREAM, CLOSED -> in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (state == State.TUNNEL) {
            tunnel.flushUp();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (state == State.STREAM) {
            stream.writabilityChanged();
        } else if (state == State.TUNNEL) {
            tunnel.clientWritabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !peerEnded) {
            peerEnded = true;
            switch (state) {
                case HEAD, BODY -> {
                    countTruncated();
                    from.close();
                }
                case TUNNEL -> tunnel.clientEnded();
                case ENDING -> ending.peerEnded();
                case STREAM -> stream.peerEnded();
                // Who only waits for an answer may have ended its sending side (4.3, 7).
                case WAITING, CLOSED -> { }
            }
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            parts.faults.fault("a connection failed", cause);
        }
        from.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        countTruncated();
        state = State.CLOSED;
        held = Buffers.release(held);
        body.release();
        late.release();
        if (stream != null) {
            stream.ended();
            stream = null;
        }
        if (tunnel != null) {
            request = null;
            tunnel.clientGone();
            tunnel = null;
        }
        if (request == null) {
            deadline.cancel();
        }
        from.fireChannelInactive();
    }

    private void countTruncated() {
        if (begun && (state == State.HEAD || state == State.BODY)) {
            begun = false;
            parts.counters.refused(RefuseReason.REQUEST_TRUNCATED);
        }
    }

    // ---- reading a request

    private void consume() {
        boolean goOn = true;
        while (goOn) {
            goOn = switch (state) {
                case HEAD -> held != null && readHead();
                case BODY -> readBody();
                default -> false;
            };
        }
        if (held != null && !held.isReadable()) {
            held = Buffers.release(held);
        }
    }

    /** Returns whether there may be more to do with the bytes at hand. */
    private boolean readHead() {
        if (!begun && !Buffers.skipLineEnds(held)) {
            return false;
        }
        int there = Math.min(held.readableBytes(), ProtocolLimits.HEADER_BYTES_MAX);
        held.getBytes(held.readerIndex(), loop.scratch, 0, there);
        int length = HeadScanner.end(loop.scratch, headScanned, there);
        if (length == HeadScanner.MALFORMED) {
            return refuseAndEnd(RefuseReason.REQUEST_MALFORMED);
        }
        if (length == HeadScanner.MORE) {
            headScanned = there;
            if (there == ProtocolLimits.HEADER_BYTES_MAX) {
                return refuseAndEnd(RefuseReason.HEADER_TOO_LARGE);
            }
            if (!begun) {
                begun = true;
                begunNanos = deadline.nanosIn(0);
                deadline.in(parts.settings.times().headerMillis());
            }
            return false;
        }
        held.skipBytes(length);
        headScanned = 0;
        RefuseReason refused = head.read(loop.scratch, length);
        return refused == null ? act() : refuseAndEnd(refused);
    }

    private boolean act() {
        switch (head.kind()) {
            case OPTIONS:
                if (optionsSeen || head.bodyBytes() > 0) {
                    return refuseAndEnd(optionsSeen
                            ? RefuseReason.METHOD_UNSUPPORTED : RefuseReason.REQUEST_MALFORMED);
                }
                optionsSeen = true;
                begun = false;
                ctx.writeAndFlush(parts.answers.options(ctx.alloc()), ctx.voidPromise());
                deadline.in(parts.settings.times().idleMillis());
                return true;
            case WALLET:
                begun = false;
                end(parts.answers.wallet(ctx.alloc(), parts.walletText.get()));
                return false;
            default:
                state = State.BODY;
                body.begin(head.bodyBytes());
                if (!begun) {
                    begun = true;
                    begunNanos = deadline.nanosIn(0);
                }
                return true;
        }
    }

    private boolean readBody() {
        if (!body.fill(held)) {
            return refuseAndEnd(RefuseReason.MEMORY_FULL);
        }
        if (body.isComplete()) {
            begun = false;
            hand(body.take());
            return true;
        }
        if (head.awaitsContinue() && body.isEmpty()) {
            ctx.writeAndFlush(parts.answers.goOn(ctx.alloc()), ctx.voidPromise());
        }
        deadline.at(begunNanos, parts.settings.times().requestMillis());
        held = Buffers.release(held);
        return false;
    }

    private void hand(byte[] complete) {
        parts.counters.add(Counter.REQUESTS_RECEIVED, 1);
        state = State.WAITING;
        late.begin(held);
        held = null;
        PostedRequest posted = new PostedRequest(this, parts, head.fromEdge(), complete.length);
        request = posted;
        deadline.in(parts.settings.times().answerMillis());
        if (parts.stopping) {
            posted.refuse(RefuseReason.STOPPING);
            return;
        }
        try {
            parts.handler.handle(complete, head.hopHeader(), posted);
        } catch (RuntimeException | AssertionError fault) {
            parts.faults.fault("the message handler failed", fault);
            posted.refuseIfWaiting(RefuseReason.INTERNAL);
        }
    }

    /** Refuses, and ends the connection: what was to be read of it is not wanted any more. */
    private boolean refuseAndEnd(RefuseReason reason) {
        begun = false;
        parts.counters.refused(reason);
        body.release();
        end(parts.answers.refusal(ctx.alloc(), reason.answer(), false));
        return false;
    }

    // ---- answers; all on the loop

    void answerOk(PostedRequest from, byte[] json) {
        if (isAnswering(from)) {
            boolean stays = stays(from);
            finish(parts.answers.ok(ctx.alloc(), json, stays), stays);
        }
    }

    void answerRefusal(PostedRequest from, RefuseReason reason) {
        if (isAnswering(from)) {
            boolean stays = stays(from) && reason.answer() != RefuseReason.Answer.CLOSE;
            finish(parts.answers.refusal(ctx.alloc(), reason.answer(), stays), stays);
        }
    }

    /** Makes the connection a stream. Returns where to write, or null when the peer has gone. */
    ChannelHandlerContext startStream(PostedRequest from, FrameStream opened) {
        if (!isAnswering(from)) {
            return null;
        }
        request = null;
        state = State.STREAM;
        stream = opened;
        late.release();
        setReading(true);
        deadline.cancel();
        return ctx;
    }

    void endStream(FrameStream ended) {
        if (stream == ended) {
            stream = null;
            end(Unpooled.EMPTY_BUFFER);
            ended.ended();
        }
    }

    /** Makes the connection a pipe and leaves it. Returns whether the peer is still there. */
    boolean handOver(PostedRequest from, ChannelPipe pipe) {
        if (!isAnswering(from)) {
            return false;
        }
        request = null;
        state = State.CLOSED;
        deadline.cancel();
        ctx.pipeline().replace(this, null, pipe);
        pipe.begin(late, peerEnded);
        return true;
    }

    void forward(PostedRequest from, Endpoint next, byte[] bytes, String hopHeader, CompletableFuture<Void> sent) {
        if (!isAnswering(from)) {
            from.forwarded(sent);
            return;
        }
        state = State.TUNNEL;
        deadline.in(TransportLimits.TUNNEL_IDLE_MILLIS);
        tunnel = new Tunnel(this, parts, loop, from, new ForwardedRequest(next, bytes, hopHeader), sent);
        tunnel.start();
    }

    /** The next node could not be had and nothing was sent: the handler decides again. */
    void tunnelFailed(PostedRequest from, CompletableFuture<Void> sent) {
        tunnel = null;
        if (state == State.TUNNEL) {
            state = State.WAITING;
            deadline.in(parts.settings.times().answerMillis());
        }
        if (from.forwardFailed()) {
            sent.completeExceptionally(new RefusedException(RefuseReason.NEXT_NODE_UNREACHABLE));
        }
    }

    /** The pooled connection was stale and there is no other: the handler is out of it already. */
    void tunnelLost() {
        tunnel = null;
        request = null;
        refuseAndEnd(RefuseReason.NEXT_NODE_UNREACHABLE);
    }

    /** The next node's answer has been passed on, completely and delimited. */
    void tunnelAnswered(PostedRequest from, boolean clean) {
        tunnel = null;
        finish(Unpooled.EMPTY_BUFFER, clean && stays(from));
    }

    /** The tunnel has ended. */
    void tunnelEnded() {
        tunnel = null;
        request = null;
        end(Unpooled.EMPTY_BUFFER);
    }

    private boolean isAnswering(PostedRequest from) {
        if (request != from) {
            return false;
        }
        if (state == State.CLOSED) {
            request = null;
            deadline.cancel();
        }
        return state == State.WAITING;
    }

    /** Whether the connection is used again: only by a node of ours, and only when nothing is left in it. */
    private boolean stays(PostedRequest from) {
        return from.fromEdge() && !peerEnded && !parts.stopping && late.isEmpty();
    }

    private void finish(ByteBuf answer, boolean stays) {
        request = null;
        if (!stays) {
            end(answer);
            return;
        }
        state = State.HEAD;
        held = late.take();
        ctx.writeAndFlush(answer, ctx.voidPromise());
        setReading(true);
        deadline.in(parts.settings.times().idleMillis());
    }

    /** Writes the last bytes, or none, and ends our side behind them. */
    private void end(ByteBuf last) {
        if (state == State.CLOSED) {
            Buffers.release(last);
            return;
        }
        state = State.ENDING;
        held = Buffers.release(held);
        late.release();
        setReading(true);
        ending = new Ending(ctx, deadline);
        if (peerEnded) {
            ending.peerEnded();
        }
        ending.begin(last);
    }

    private void expired() {
        switch (state) {
            case HEAD, BODY -> {
                if (begun) {
                    begun = false;
                    parts.counters.refused(RefuseReason.REQUEST_TIMEOUT);
                }
                ctx.close();
            }
            case WAITING, CLOSED -> {
                PostedRequest unanswered = request;
                if (unanswered != null && unanswered.expire()) {
                    parts.faults.fault("the message handler gave no answer", null);
                    request = null;
                    refuseAndEnd(RefuseReason.INTERNAL);
                }
            }
            case TUNNEL, ENDING -> ctx.close();
            case STREAM -> { }
        }
    }

    // ---- for the stream and the tunnel

    ChannelHandlerContext context() {
        return ctx;
    }

    LateBytes late() {
        return late;
    }

    boolean peerEnded() {
        return peerEnded;
    }

    /** A tunnel is in use. */
    void touch() {
        deadline.in(TransportLimits.TUNNEL_IDLE_MILLIS);
    }

    void setReading(boolean reading) {
        ctx.channel().config().setAutoRead(reading);
    }

    boolean inLoop() {
        return ctx.executor().inEventLoop();
    }

    /** Runs on the loop, at once when called there. Returns false when the loop has stopped. */
    boolean onLoop(Runnable call) {
        if (inLoop()) {
            call.run();
            return true;
        }
        return onLoopLater(call);
    }

    /** Runs on the loop, behind what was put there before. Returns false when the loop has stopped. */
    boolean onLoopLater(Runnable call) {
        try {
            ctx.executor().execute(call);
            return true;
        } catch (RejectedExecutionException stopped) {
            // Only after close(): all connections are gone, which is what the caller is told.
            return false;
        }
    }
}
