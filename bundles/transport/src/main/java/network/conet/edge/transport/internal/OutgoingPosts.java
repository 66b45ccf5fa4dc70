package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.api.MessagePost;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Posts of the node's own, each on a connection of its own. Safe for use by many threads. */
final class OutgoingPosts implements MessagePost {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})[ \\r].*", Pattern.DOTALL);
    private static final int STATUS_BYTES = 13;

    private final Supplier<EventLoop> loops;
    private final Function<EventLoop, NextNodes> nodesOf;
    private final int answerMillis;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param loops gives a loop for the next post
     * @param nodesOf the connections of a loop
     * @param answerMillis how long the whole may take
     */
    OutgoingPosts(Supplier<EventLoop> loops, Function<EventLoop, NextNodes> nodesOf, int answerMillis) {
        this.loops = loops;
        this.nodesOf = nodesOf;
        this.answerMillis = answerMillis;
    }

    @Override
    public CompletionStage<Integer> post(NodeEntry next, byte[] body) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        if (underWay.incrementAndGet() > TransportLimits.POSTS_MAX) {
            underWay.decrementAndGet();
            return failed(RefuseReason.NEXT_NODE_UNREACHABLE);
        }
        status.whenComplete((done, failure) -> underWay.decrementAndGet());
        EventLoop loop = loops.get();
        Post post = new Post(loop, new ForwardedRequest(next.endpoint(), body, null), status);
        try {
            loop.execute(() -> {
                post.deadline.in(answerMillis);
                nodesOf.apply(loop).connect(next.endpoint(), post);
            });
        } catch (RejectedExecutionException stopped) {
            post.end(RefuseReason.STOPPING);
        }
        return status;
    }

    private static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }

    /** One post and the first bytes of its answer. On its loop only. */
    private static final class Post implements NextNodes.Joined {
        private final ForwardedRequest request;
        private final CompletableFuture<Integer> status;
        private final StringBuilder answer = new StringBuilder();
        private final Deadline deadline;
        private UpstreamConnection upstream;

        Post(EventLoop loop, ForwardedRequest request, CompletableFuture<Integer> status) {
            this.request = request;
            this.status = status;
            this.deadline = new Deadline(loop, () -> end(RefuseReason.NEXT_NODE_SILENT));
        }

        @Override
        public void connected(UpstreamConnection fresh) {
            if (status.isDone()) {
                fresh.close();
                return;
            }
            upstream = fresh;
            fresh.join(this);
            Channel channel = fresh.channel();
            channel.writeAndFlush(request.write(channel.alloc())).addListener((ChannelFuture written) -> {
                if (!written.isSuccess()) {
                    end(RefuseReason.NEXT_NODE_SILENT);
                }
            });
        }

        @Override
        public void notConnected() {
            end(RefuseReason.NEXT_NODE_UNREACHABLE);
        }

        @Override
        public void fromUpstream(UpstreamConnection from, ByteBuf in) {
            int wanted = Math.min(in.readableBytes(), STATUS_BYTES - answer.length());
            answer.append(new String(ByteBufUtil.getBytes(in, in.readerIndex(), Math.max(0, wanted)),
                    StandardCharsets.ISO_8859_1));
            in.release();
            if (answer.length() < STATUS_BYTES) {
                return;
            }
            Matcher line = STATUS.matcher(answer);
            if (line.matches()) {
                status.complete(Integer.parseInt(line.group(1)));
            }
            end(RefuseReason.NEXT_NODE_SILENT);
        }

        @Override
        public void upstreamReadComplete() {
            // Nothing is passed on.
        }

        @Override
        public void upstreamWritabilityChanged() {
            // The one request is written at once; the socket takes it as it can.
        }

        @Override
        public void upstreamEnded(UpstreamConnection ended) {
            end(RefuseReason.NEXT_NODE_SILENT);
        }

        /** Ends it; with the reason, unless the status has come. */
        void end(RefuseReason reason) {
            status.completeExceptionally(new RefusedException(reason));
            deadline.cancel();
            if (upstream != null) {
                UpstreamConnection used = upstream;
                upstream = null;
                used.leave();
                used.close();
            }
        }
    }
}
