package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TargetNamesTest {
    private final SettableClock clock = new SettableClock(0);
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private TargetNames names = new TargetNames(this::answer, clock);

    @AfterEach
    void stop() {
        go.countDown();
        names.close();
    }

    private InetAddress[] answer(String name) throws UnknownHostException {
        int number = asked.incrementAndGet();
        if (name.startsWith("no")) {
            throw new UnknownHostException(name);
        }
        return new InetAddress[] {InetAddress.getByAddress(new byte[] {8, 8, 8, (byte) number})};
    }

    private List<InetAddress> ask(String name) throws Exception {
        return names.ask(name).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private RefuseReason refused(CompletableFuture<?> asking) {
        Throwable cause = assertThrows(ExecutionException.class, () -> asking.get(30, TimeUnit.SECONDS)).getCause();
        while (cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        return assertInstanceOf(RefusedException.class, cause).reason();
    }

    @Test
    void remembersAnAnswerForItsTimeAndNoLonger() throws Exception {
        List<InetAddress> first = ask("a.example");
        clock.advanceMillis(TransportLimits.NAME_REMEMBERED_MILLIS - 1L);
        assertEquals(first, ask("a.example"));
        assertEquals(1, asked.get());
        clock.advanceMillis(1);
        assertFalse(first.equals(ask("a.example")));
        assertEquals(2, asked.get());
    }

    @Test
    void remembersForAShorterTimeThatThereIsNoSuchName() {
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused(names.ask("no.example").toCompletableFuture()));
        clock.advanceMillis(TransportLimits.NO_NAME_REMEMBERED_MILLIS - 1L);
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused(names.ask("no.example").toCompletableFuture()));
        assertEquals(1, asked.get());
        clock.advanceMillis(1);
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused(names.ask("no.example").toCompletableFuture()));
        assertEquals(2, asked.get());
    }

    @Test
    void remembersAsManyAsItMayAndForgetsTheOldest() throws Exception {
        for (int i = 0; i <= TransportLimits.NAMES_REMEMBERED_MAX; i++) {
            ask("n" + i + ".example");
        }
        int before = asked.get();
        ask("n1.example");
        assertEquals(before, asked.get());
        ask("n0.example");
        assertEquals(before + 1, asked.get());
    }

    @Test
    void asksOnceForAllWhoWaitAndRefusesWhenTooManyNamesWait() throws Exception {
        names.close();
        names = new TargetNames(name -> {
            try {
                go.await();
            } catch (InterruptedException stopped) {
                throw new UnknownHostException(name);
            }
            return answer(name);
        }, clock);
        List<CompletableFuture<List<InetAddress>>> waiting = new ArrayList<>();
        for (int i = 0; i < TransportLimits.NAME_THREADS_MAX + TransportLimits.NAMES_WAITING_MAX; i++) {
            waiting.add(names.ask("n" + i + ".example").toCompletableFuture());
        }
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused(names.ask("more.example").toCompletableFuture()));
        CompletableFuture<List<InetAddress>> shared = names.ask("n0.example").toCompletableFuture();
        go.countDown();
        for (CompletableFuture<List<InetAddress>> each : waiting) {
            assertEquals(1, each.get(30, TimeUnit.SECONDS).size());
        }
        assertEquals(waiting.get(0).get(), shared.get(30, TimeUnit.SECONDS));
        assertEquals(waiting.size(), asked.get());
    }

    @Test
    void aNameThatHangsIsGivenUp() {
        names.close();
        names = new TargetNames(name -> {
            try {
                go.await();
            } catch (InterruptedException stopped) {
                throw new UnknownHostException(name);
            }
            return answer(name);
        }, clock);
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused(names.ask("slow.example").toCompletableFuture()));
    }

    @Test
    void refusesWhenItStops() {
        names.close();
        assertEquals(RefuseReason.STOPPING, refused(names.ask("a.example").toCompletableFuture()));
    }
}
