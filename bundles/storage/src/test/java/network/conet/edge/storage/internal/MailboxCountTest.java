package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** Each mailbox costs memory, so there are only so many. */
class MailboxCountTest {
    private final SettableClock clock = new SettableClock(Messages.NOON);

    @Test
    void takesMailForSoManyMailboxesAndForNoneMore() throws IOException {
        StorageSettings settings = Messages.settings(64 * 1024, 8, 100, 16 * 1024, 32 * 1024, 1000, 30);
        StorageService service = Messages.open(new CrashVolume(),
                settings.withQuotas(settings.quotas().withMailboxes(2)), clock, new PlainCounters(),
                new Random(1));
        CompletableFuture<Mailbox.Receipt> first = Messages.store(service, new KeyId(1), Messages.body(1, 500));
        CompletableFuture<Mailbox.Receipt> second = Messages.store(service, new KeyId(2), Messages.body(2, 500));
        assertEquals(RefuseReason.STORAGE_FULL,
                Messages.refusal(Messages.store(service, new KeyId(3), Messages.body(3, 500))));
        CompletableFuture<Mailbox.Receipt> more = Messages.store(service, new KeyId(1), Messages.body(4, 500));
        clock.advanceMillis(100);
        service.pump();
        assertNull(Messages.refusal(first));
        assertNull(Messages.refusal(second));
        assertNull(Messages.refusal(more), "who has a mailbox goes on");
        assertTrue(Messages.get(service.acknowledge(new KeyId(2), Messages.hash(Messages.body(2, 500)))));
        CompletableFuture<Mailbox.Receipt> third = Messages.store(service, new KeyId(3), Messages.body(3, 500));
        clock.advanceMillis(100);
        service.pump();
        assertNull(Messages.refusal(third));
    }
}
