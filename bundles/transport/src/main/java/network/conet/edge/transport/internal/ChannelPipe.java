package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import network.conet.edge.api.Counters;
import network.conet.edge.api.FlowLimits;
import network.conet.edge.api.Pipe;

/**
 * One connection as raw bytes: an accepted one that was given away, or one to a target. Its fields belong to the loop
 * of its connection unless they are volatile; what other threads ask for goes there as tasks, in the calls' order.
 *
 * <pre>
 *   HOLDING ──flowTo──► FLOWING ──limit passed, other side broken, close──► ENDING ──► ended
 *      │                   └──both sides ended in order──────────────────────────────► ended
 *      └─────discard──► DISCARDING
 * </pre>
 *
 * While HOLDING nothing is read; what one read brought too much is kept.
 */
final class ChannelPipe extends ChannelInboundHandlerAdapter implements Pipe {
    private final Channel channel;
    private final boolean isToNode;
    private final FaultLog faults;
    private final Counters counters;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private ChannelHandlerContext ctx;
    private Deadline deadline;
    private ByteBuf held;
    private boolean skipping;
    private boolean discarding;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean closeAsked;
    private Ending ending;
    private PipeFlow outOfHere;

    /** The flow that writes here; set by the loop of its source. */
    private volatile PipeFlow intoHere;
    /** When a byte last came or was given to the socket. */
    private volatile long movedNanos;

    /** @param isToNode whether a node of ours is the peer, which would use the connection again */
    ChannelPipe(Channel channel, boolean isToNode, FaultLog faults, Counters counters) {
        this.channel = channel;
        this.isToNode = isToNode;
        this.faults = faults;
        this.counters = counters;
        this.movedNanos = channel.eventLoop().ticker().nanoTime();
    }

    // ---- the connection becomes ours

    /**
     * On the loop: takes over what came behind the request, less leading line ends, as the first bytes.
     *
     * @param peerEnded whether the peer sends no more
     */
    void begin(LateBytes late, boolean peerEnded) {
        skipping = late.isSkipping();
        held = late.take();
        inputEnded = peerEnded;
        begin();
    }

    /** On the loop, for a new connection. */
    void begin() {
        channel.config().setAutoRead(false);
        if (!channel.isActive()) {
            channelInactive(ctx);
        }
    }

    /** On the loop: the peer has gone before the connection was ours. */
    void neverBegun() {
        closeAsked = true;
        ended.complete(null);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        deadline = new Deadline(added.executor(), added::close);
    }

    // ---- what is asked of it

    @Override
    public void write(byte[] bytes) {
        later(() -> {
            if (isOurs()) {
                movedNanos = now();
                ctx.writeAndFlush(ctx.alloc().directBuffer(bytes.length).writeBytes(bytes), ctx.voidPromise());
            }
        });
    }

    @Override
    public CompletionStage<Long> flowTo(Pipe sink, FlowLimits limits) {
        PipeFlow flow = new PipeFlow(this, (ChannelPipe) sink, limits, counters);
        if (!later(() -> startFlow(flow))) {
            flow.finish();
        }
        return flow.moved();
    }

    @Override
    public void discard() {
        later(() -> {
            if (outOfHere != null) {
                throw new IllegalStateException("what arrives flows elsewhere");
            }
            discarding = true;
            held = Buffers.release(held);
            if (isOurs()) {
                resume();
            }
        });
    }

    @Override
    public void close() {
        later(this::closeNow);
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    private void startFlow(PipeFlow flow) {
        if (outOfHere != null || discarding) {
            throw new IllegalStateException("a pipe flows once");
        }
        outOfHere = flow;
        flow.sink().intoHere = flow;
        if (!isOurs()) {
            flow.finish();
            flow.sink().close();
            return;
        }
        flow.start(deadline.nanosIn(0));
        ByteBuf first = held;
        held = null;
        if (first != null && !skipping) {
            flow.take(first);
            flow.flush();
        } else {
            held = first;
        }
        if (inputEnded) {
            flowEnds();
        } else {
            resume();
        }
    }

    // ---- what the socket says

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (ending != null) {
            in.release();
            ending.moreCame();
        } else if (discarding) {
            in.release();
        } else if (outOfHere == null || skipping) {
            hold(in);
        } else {
            outOfHere.take(in);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (outOfHere != null) {
            outOfHere.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        PipeFlow flow = intoHere;
        if (flow != null && channel.isWritable()) {
            flow.source().resume();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
            inputEnded = true;
            if (ending != null) {
                ending.peerEnded();
            } else if (outOfHere != null) {
                flowEnds();
            } else if (discarding) {
                closeNow();
            }
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            faults.fault("a pipe failed", cause);
        }
        from.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        deadline.cancel();
        held = Buffers.release(held);
        if (outOfHere != null) {
            outOfHere.finish();
            outOfHere.sink().close();
        }
        PipeFlow flow = intoHere;
        if (flow != null) {
            flow.source().close();
        }
        ended.complete(null);
    }

    // ---- for the flows

    boolean isToNode() {
        return isToNode;
    }

    Channel channel() {
        return channel;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    long movedNanos() {
        return movedNanos;
    }

    void moved(long nanos) {
        movedNanos = nanos;
    }

    long now() {
        return loop().ticker().nanoTime();
    }

    /** From any thread: its sink takes more again. */
    void resume() {
        channel.config().setAutoRead(true);
    }

    /** From any thread: its sink is full. */
    void pause() {
        channel.config().setAutoRead(false);
    }

    /** From any thread: nothing more will be written here. */
    void endOutput() {
        later(() -> {
            if (!isOurs()) {
                return;
            }
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture written) -> outputWritten(written));
        });
    }

    private void outputWritten(ChannelFuture written) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (!written.isSuccess()) {
            ctx.close();
        } else if (tls != null) {
            tls.closeOutbound();
            outputHasEnded();
        } else if (channel instanceof DuplexChannel socket) {
            socket.shutdownOutput();
            outputHasEnded();
        } else {
            ctx.close();
        }
    }

    private void outputHasEnded() {
        outputEnded = true;
        if (inputEnded) {
            ctx.close();
        }
    }

    /** Nothing more comes from this peer. */
    private void flowEnds() {
        // A lone CR that waited for its LF is the peer's last byte.
        ByteBuf last = held;
        held = null;
        skipping = false;
        if (last != null) {
            outOfHere.take(last);
            outOfHere.flush();
        }
        outOfHere.finish();
        outOfHere.sink().endOutput();
        if (outputEnded) {
            ctx.close();
        }
    }

    /** Keeps what came while nobody took it; drops line ends directly behind the request. */
    private void hold(ByteBuf in) {
        held = held == null ? in : Buffers.join(ctx.alloc(), held, in);
        if (skipping) {
            skipping = !Buffers.skipLineEnds(held);
            if (!held.isReadable()) {
                held = Buffers.release(held);
            }
        }
        if (outOfHere != null && !skipping) {
            ByteBuf first = held;
            held = null;
            outOfHere.take(first);
        }
    }

    private void closeNow() {
        if (closeAsked || !isOurs()) {
            return;
        }
        closeAsked = true;
        held = Buffers.release(held);
        if (outOfHere != null) {
            outOfHere.finish();
        }
        ending = new Ending(ctx, deadline);
        if (inputEnded) {
            ending.peerEnded();
        }
        resume();
        ending.begin(null);
    }

    private boolean isOurs() {
        return ctx != null && channel.isActive();
    }

    /** Runs on the loop, behind what was put there before. Returns false when the loop has stopped. */
    private boolean later(Runnable call) {
        try {
            loop().execute(call);
            return true;
        } catch (RejectedExecutionException stopped) {
            // Only after the front was closed: all connections are gone.
            ended.complete(null);
            return false;
        }
    }
}
