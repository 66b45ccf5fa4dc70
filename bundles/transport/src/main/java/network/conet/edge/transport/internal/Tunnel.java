package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.RefuseReason;

/**
 * An accepted connection joined to one of the next node (3.5). Everything is on the one loop that both live on.
 *
 * <pre>
 *   client ══bytes behind the body══► fromClient ─► sendUp ──────────► next node
 *   client ◄══════════ pass ◄── head (marker, length) ◄── fromUpstream ══ next node
 * </pre>
 *
 * Back-pressure: a side whose unsent bytes are above the high mark stops the reading of the other. A delimited answer
 * of a node of ours ends the tunnel and gives the connection back; everything else is joined until either side ends.
 * A pooled connection that ends before the first byte of an answer was stale: the request goes out once more, on a
 * fresh one. Then no byte was lost, because none of the client's had been sent up behind it.
 */
final class Tunnel implements NextNodes.Joined {
    private static final long UNDELIMITED = -1;

    private final FrontConnection client;
    private final ChannelHandlerContext clientCtx;
    private final FrontParts parts;
    private final LoopParts loop;
    private final PostedRequest request;
    private final ForwardedRequest forwarded;
    private final CompletableFuture<Void> sent;

    private UpstreamConnection upstream;
    private boolean pooled;
    private boolean requestWritten;
    private boolean answerBegun;
    private boolean sentUp;
    private boolean clientEnded;
    private boolean over;

    private ByteBuf headHeld;
    private boolean headRead;
    private long answerBytesLeft = UNDELIMITED;

    private Deadline quiet;
    private long lingerUntilNanos;

    Tunnel(FrontConnection client, FrontParts parts, LoopParts loop, PostedRequest request,
            ForwardedRequest forwarded, CompletableFuture<Void> sent) {
        this.client = client;
        this.clientCtx = client.context();
        this.parts = parts;
        this.loop = loop;
        this.request = request;
        this.forwarded = forwarded;
        this.sent = sent;
    }

    void start() {
        // A body too large to keep, or bytes behind it, could not be sent once more.
        boolean repeatable = forwarded.body().length <= TransportLimits.RETRY_BODY_BYTES_MAX
                && client.late().isEmpty() && !client.peerEnded();
        clientEnded = client.peerEnded();
        UpstreamConnection idle = repeatable ? loop.nextNodes.takeIdle(forwarded.next()) : null;
        if (idle == null) {
            loop.nextNodes.connect(forwarded.next(), this);
        } else {
            pooled = true;
            join(idle);
        }
    }

    // ---- the next node's connection

    @Override
    public void connected(UpstreamConnection fresh) {
        if (over) {
            fresh.close();
            return;
        }
        join(fresh);
    }

    @Override
    public void notConnected() {
        if (over) {
            return;
        }
        over = true;
        if (sent.isDone()) {
            client.tunnelLost();
        } else {
            client.tunnelFailed(request, sent);
        }
    }

    private void join(UpstreamConnection joined) {
        upstream = joined;
        joined.join(this);
        Channel channel = joined.channel();
        channel.writeAndFlush(forwarded.write(channel.alloc()))
                .addListener((ChannelFuture written) -> requestWritten(joined, written.isSuccess()));
        if (upstream == joined && !over) {
            sendUp(client.late().takeMeaning());
            flushUp();
            client.setReading(true);
            if (clientEnded) {
                endUp();
            }
        }
    }

    private void requestWritten(UpstreamConnection to, boolean success) {
        if (to != upstream || over) {
            return;
        }
        if (success) {
            requestWritten = true;
            request.forwarded(sent);
        } else {
            upstreamEnded(to);
        }
    }

    @Override
    public void fromUpstream(UpstreamConnection from, ByteBuf in) {
        if (from != upstream || over) {
            in.release();
            return;
        }
        answerBegun = true;
        trafficSeen();
        ByteBuf passed = headRead ? in : readHead(in);
        if (passed != null) {
            pass(passed);
        }
    }

    @Override
    public void upstreamReadComplete() {
        if (!over) {
            clientCtx.flush();
        }
    }

    @Override
    public void upstreamWritabilityChanged() {
        if (!over && upstream != null) {
            client.setReading(upstream.channel().isWritable());
        }
    }

    @Override
    public void upstreamEnded(UpstreamConnection ended) {
        if (ended != upstream || over) {
            return;
        }
        if (!answerBegun && pooled && !sentUp && !clientEnded) {
            pooled = false;
            requestWritten = false;
            upstream = null;
            ended.leave();
            loop.nextNodes.connect(forwarded.next(), this);
            return;
        }
        if (!answerBegun && !sent.isDone()) {
            leaveUpstream();
            over = true;
            client.tunnelFailed(request, sent);
            return;
        }
        if (!answerBegun) {
            parts.counters.refused(RefuseReason.NEXT_NODE_SILENT);
        }
        end();
    }

    // ---- the client

    void fromClient(ByteBuf in) {
        LateBytes late = client.late();
        if (upstream != null && !late.isSkipping()) {
            sendUp(in);
            return;
        }
        if (!late.hold(clientCtx.alloc(), in)) {
            client.setReading(false);
        }
        if (upstream != null) {
            sendUp(late.takeMeaning());
        }
    }

    /** The client's reads of one turn have been passed on. */
    void flushUp() {
        if (upstream != null && sentUp) {
            upstream.channel().flush();
        }
    }

    void clientWritabilityChanged() {
        if (upstream != null) {
            upstream.channel().config().setAutoRead(clientCtx.channel().isWritable());
        }
    }

    /** The client ends its sending side: the next node is ended in the same way. */
    void clientEnded() {
        clientEnded = true;
        if (upstream != null) {
            endUp();
        }
    }

    /** The client's connection is gone. */
    void clientGone() {
        if (!over) {
            over = true;
            leaveUpstream();
            request.forwarded(sent);
        }
    }

    private void sendUp(ByteBuf bytes) {
        if (bytes == null) {
            return;
        }
        sentUp = true;
        parts.counters.add(Counter.FORWARDED_BYTES, bytes.readableBytes());
        trafficSeen();
        Channel channel = upstream.channel();
        channel.write(bytes, channel.voidPromise());
        if (!channel.isWritable()) {
            client.setReading(false);
        }
    }

    /** Ends the sending side towards the next node behind what waits, and gives what still comes a short time. */
    private void endUp() {
        Channel channel = upstream.channel();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture written) -> {
            if (written.isSuccess() && channel instanceof DuplexChannel socket) {
                socket.shutdownOutput();
            }
        });
        if (quiet == null) {
            quiet = new Deadline(clientCtx.executor(), this::quietEnded);
            lingerUntilNanos = quiet.nanosIn(TransportLimits.LINGER_MILLIS);
            trafficSeen();
        }
    }

    private void quietEnded() {
        if (over) {
            return;
        }
        // A client that takes its bytes slowly keeps its next node quiet.
        if (!clientCtx.channel().isWritable() && quiet.nanosIn(0) - lingerUntilNanos < 0) {
            trafficSeen();
        } else {
            end();
        }
    }

    private void trafficSeen() {
        client.touch();
        if (quiet != null) {
            quiet.earlierOf(TransportLimits.QUIET_MILLIS, lingerUntilNanos);
        }
    }

    // ---- the answer

    /** Looks for the header block. Returns what can be passed on, or null while the block is incomplete. */
    private ByteBuf readHead(ByteBuf in) {
        ByteBuf all = headHeld == null ? in : Buffers.join(clientCtx.alloc(), headHeld, in);
        headHeld = null;
        int there = Math.min(all.readableBytes(), TransportLimits.ANSWER_HEADER_BYTES_MAX);
        all.getBytes(all.readerIndex(), loop.scratch, 0, there);
        boolean http = AnswerHead.mayBegin(loop.scratch, there);
        int length = http ? HeadScanner.end(loop.scratch, 0, there) : HeadScanner.MALFORMED;
        if (length == HeadScanner.MORE && there < TransportLimits.ANSWER_HEADER_BYTES_MAX) {
            headHeld = all;
            return null;
        }
        headRead = true;
        AnswerHead head = length > 0 ? AnswerHead.read(loop.scratch, length) : null;
        if (head == null) {
            return all;
        }
        answerBytesLeft = length + head.bodyBytes();
        if (!request.fromEdge()) {
            int begin = head.unmark(loop.scratch, length);
            all.setBytes(all.readerIndex() + begin, loop.scratch, begin, length - begin);
            all.skipBytes(begin);
            answerBytesLeft -= begin;
        }
        return all;
    }

    private void pass(ByteBuf bytes) {
        int length = bytes.readableBytes();
        parts.counters.add(Counter.FORWARDED_BYTES, length);
        if (answerBytesLeft != UNDELIMITED) {
            // More than announced: it is no node of ours. The bytes are passed on, the connection is not kept.
            answerBytesLeft = length > answerBytesLeft ? UNDELIMITED : answerBytesLeft - length;
        }
        clientCtx.write(bytes, clientCtx.voidPromise());
        if (answerBytesLeft == 0) {
            answered();
        } else if (!clientCtx.channel().isWritable()) {
            upstream.channel().config().setAutoRead(false);
        }
    }

    private void answered() {
        over = true;
        boolean clean = requestWritten && !sentUp && !clientEnded;
        UpstreamConnection used = upstream;
        upstream = null;
        used.leave();
        if (clean) {
            loop.nextNodes.giveBack(used);
        } else {
            used.close();
        }
        finishQuiet();
        request.forwarded(sent);
        client.tunnelAnswered(request, !sentUp);
    }

    private void end() {
        over = true;
        if (headHeld != null) {
            clientCtx.write(headHeld, clientCtx.voidPromise());
            headHeld = null;
        }
        leaveUpstream();
        request.forwarded(sent);
        client.tunnelEnded();
    }

    private void leaveUpstream() {
        headHeld = Buffers.release(headHeld);
        finishQuiet();
        if (upstream != null) {
            UpstreamConnection left = upstream;
            upstream = null;
            left.leave();
            left.close();
        }
    }

    private void finishQuiet() {
        if (quiet != null) {
            quiet.cancel();
        }
    }
}
