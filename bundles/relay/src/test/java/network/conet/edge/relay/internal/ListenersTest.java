package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private static final KeyId BOX = new KeyId(7);

    private final FakeSignatures signatures = new FakeSignatures();
    private final Listeners listeners = new Listeners(2);

    @Test
    void findsByWalletAndByMailbox() {
        Listener mail = add("a", BOX);
        Listener epochs = add("b", null);
        assertSame(mail, listeners.ofWallet(mail.wallet()).orElseThrow());
        assertSame(mail, listeners.ofMailbox(BOX).orElseThrow());
        assertSame(epochs, listeners.ofWallet(epochs.wallet()).orElseThrow());
        assertEquals(Optional.empty(), listeners.ofMailbox(new KeyId(8)));
        assertEquals(Set.of(mail, epochs), Set.copyOf(listeners.all()));
    }

    @Test
    void takesAsManyAsItMayAndNoMore() {
        add("a", null);
        assertTrue(listeners.hasRoomFor(signatures.wallet("b")));
        add("b", null);
        assertFalse(listeners.hasRoomFor(signatures.wallet("c")));
        assertEquals(Listeners.Added.FULL, listeners.add(listener("c", BOX), true));
        assertEquals(2, listeners.all().size());
        assertEquals(Optional.empty(), listeners.ofMailbox(BOX), "nothing of a refused listener stays");
    }

    @Test
    void hasAlwaysRoomForAWalletThatListensAnew() {
        Listener first = add("a", BOX);
        add("b", null);
        RecordingStream stream = new RecordingStream(first);
        first.begin(stream, new byte[0]);
        assertTrue(listeners.hasRoomFor(first.wallet()));
        Listener second = add("a", BOX);
        assertFalse(stream.isOpen, "the wallet's first listener is closed");
        assertSame(second, listeners.ofWallet(first.wallet()).orElseThrow());
        assertSame(second, listeners.ofMailbox(BOX).orElseThrow());
    }

    @Test
    void replacesOnlyWhenItMay() {
        Listener first = add("a", BOX);
        assertEquals(Listeners.Added.TAKEN, listeners.add(listener("a", BOX), false));
        assertSame(first, listeners.ofMailbox(BOX).orElseThrow());
        assertEquals(Listeners.Added.YES, listeners.add(listener("b", null), false));
    }

    @Test
    void forgetsOnlyTheListenerThatEnded() {
        Listener first = add("a", BOX);
        Listener second = add("a", BOX);
        listeners.remove(first);
        assertSame(second, listeners.ofWallet(first.wallet()).orElseThrow());
        assertSame(second, listeners.ofMailbox(BOX).orElseThrow());
        listeners.remove(second);
        assertTrue(listeners.all().isEmpty());
        assertEquals(Optional.empty(), listeners.ofMailbox(BOX));
    }

    @Test
    void forgetsTheOldMailboxOfAWalletThatChangedItsKey() {
        Listener first = add("a", BOX);
        first.begin(new RecordingStream(first), new byte[0]);
        KeyId other = new KeyId(9);
        Listener second = add("a", other);
        assertEquals(Optional.empty(), listeners.ofMailbox(BOX));
        assertSame(second, listeners.ofMailbox(other).orElseThrow());
    }

    private Listener add(String name, KeyId mailbox) {
        Listener listener = listener(name, mailbox);
        assertEquals(Listeners.Added.YES, listeners.add(listener, true));
        return listener;
    }

    private Listener listener(String name, KeyId mailbox) {
        Listener[] self = new Listener[1];
        self[0] = new Listener(signatures.wallet(name), Optional.ofNullable(mailbox), new FakeMailbox(Runnable::run),
                new PlainCounters(), 0, () -> listeners.remove(self[0]));
        return self[0];
    }
}
