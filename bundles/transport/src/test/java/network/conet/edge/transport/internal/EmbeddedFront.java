package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.SettableClock;

/** A connection without a socket, its clock standing still, every buffer counted. */
final class EmbeddedFront implements AutoCloseable {
    static final long SUNDAY = 1_795_385_474_000L;
    static final String WALLET = "0x41FC42DF8E6EaFAB663A8c8c07a84fA10c1f8A5C";

    final PlainCounters counters = new PlainCounters();
    final TestHandler handler;
    final FrontParts parts;
    final EmbeddedChannel channel = new EmbeddedChannel();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();

    EmbeddedFront(Consumer<TestHandler.Call> answer) {
        this(FrontSettings.defaults(), answer);
    }

    EmbeddedFront(FrontSettings settings, Consumer<TestHandler.Call> answer) {
        handler = new TestHandler(answer);
        parts = new FrontParts(settings, handler, () -> WALLET, counters, new SettableClock(SUNDAY));
        channel.config().setAllocator(allocator);
        channel.freezeTime();
        channel.pipeline().addLast(new FrontConnection(parts, new LoopParts(null)));
        channel.pipeline().fireChannelActive();
    }

    static EmbeddedFront answeringOk() {
        return new EmbeddedFront(call -> call.exchange().ok(Recorded.bytes("{}")));
    }

    EmbeddedFront send(byte[] bytes) {
        return send(bytes, 0, bytes.length);
    }

    EmbeddedFront send(byte[] bytes, int from, int length) {
        if (channel.isOpen()) {
            ByteBuf in = allocator.directBuffer(length).writeBytes(bytes, from, length);
            channel.writeInbound(in);
        }
        return this;
    }

    EmbeddedFront send(String text) {
        return send(Recorded.bytes(text));
    }

    EmbeddedFront endOfPeer() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
        return this;
    }

    EmbeddedFront passMillis(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        return this;
    }

    /** All bytes of answers so far. */
    String answers() {
        channel.runPendingTasks();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            out.release();
            answered.writeBytes(bytes);
        }
        return Recorded.text(answered.toByteArray());
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    long refusals() {
        long sum = 0;
        for (RefuseReason reason : RefuseReason.values()) {
            sum += counters.refusals(reason);
        }
        return sum;
    }

    void assertRefusedOnce(RefuseReason reason) {
        assertEquals(1, counters.refusals(reason), reason.label());
        assertEquals(1, refusals(), "no other refusal");
    }

    /** Nothing is left: no buffer, no body, no exchange. */
    @Override
    public void close() {
        answers();
        channel.close();
        answers();
        channel.finishAndReleaseAll();
        assertEquals(0, allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory(), "buffers");
        assertEquals(0, parts.budget.bytesUsed(), "bytes of bodies");
        assertEquals(0, parts.exchanges.open(), "exchanges");
    }
}
