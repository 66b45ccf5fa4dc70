package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;

/** All that a disk turns out to hold when it is opened. */
final class Found {
    /** Messages of mailboxes 0, 1..., by their hashes. */
    final List<List<Message>> mail = new ArrayList<>();
    /** What was there when it was opened once more: what a snapshot had forgotten for its age may be back. */
    List<List<Message>> mailLater = List.of();
    final Map<String, Hash256> values = new TreeMap<>();
    Ledger.Head head;
    List<Ledger.Entry> entries;
    /** What is wrong with the disk whatever it should hold; null when nothing is. */
    String wrong;
    /** Whether there was no room to store one more message. */
    boolean isFull;
    /** Whether every segment was in use, so that writing went on in the newest one. */
    boolean hasGoneOnInNewest;

    /** One message. */
    record Message(long sequence, Hash256 hash) {}

    /** What an open store holds. */
    static Found in(StorageService service) {
        Found found = new Found();
        for (int i = 0; i < Simulation.MAILBOXES; i++) {
            List<Message> messages = new ArrayList<>();
            for (Mailbox.StoredMessage message : Messages.all(service, Simulation.mailbox(i))) {
                messages.add(new Message(message.sequence(), Messages.hash(message.armor())));
            }
            found.mail.add(messages);
        }
        found.head = service.ledger().head();
        found.entries = Messages.get(service.ledger().read(1, Ledger.READ_ENTRIES_MAX));
        for (String key : service.values().keys(ValueModel.SPACE)) {
            byte[] value = Messages.get(service.values().get(ValueModel.SPACE, key)).orElse(null);
            if (value == null) {
                found.wrong = "the value of " + key + " cannot be read";
            } else {
                found.values.put(key, Messages.hash(value));
            }
        }
        return found;
    }

    /** Opens a disk, looks at everything, stores one more of each kind, and opens it again. */
    static Found on(CrashVolume disk, StorageSettings settings, long nowMillis, Random random) throws IOException {
        PlainCounters counters = new PlainCounters();
        SettableClock clock = new SettableClock(nowMillis);
        StorageService service = Messages.open(disk, settings, clock, counters, random);
        boolean isUsedUp = service.stats().segmentsInUse() == settings.log().segmentsMax();
        Found found = in(service);
        found.hasGoneOnInNewest = isUsedUp;
        if (counters.value(Counter.STORAGE_RECORDS_DAMAGED) != 0) {
            found.wrong = "a power cut was reported as damage: " + Messages.troubles(service);
        }
        if (found.wrong == null) {
            found.wrong = found.wrongAfterMore(service, disk, settings, clock, counters, random);
        }
        return found;
    }

    private String wrongAfterMore(StorageService service, Volume disk, StorageSettings settings, SettableClock clock,
            PlainCounters counters, Random random) throws IOException {
        byte[] more = Messages.body(random.nextLong(), 700);
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, Simulation.mailbox(0), more);
        CompletableFuture<Ledger.Entry> entry = service.ledger().append(more).toCompletableFuture();
        CompletableFuture<Void> value = service.values().put(ValueModel.SPACE, "more", more).toCompletableFuture();
        clock.advanceMillis(100);
        while (service.pump() == 0) {
            continue;
        }
        isFull = Messages.refusal(stage) == RefuseReason.STORAGE_FULL;
        boolean isRefused = !isFull && Messages.refusal(stage) != null;
        if (isRefused) {
            return "one more message was refused: " + Messages.refusal(stage);
        }
        Found expected = in(service);
        Found again = in(Messages.open(disk, settings, clock, counters, random));
        if (!isFull && !again.mail.get(0).get(again.mail.get(0).size() - 1).hash().equals(Messages.hash(more))) {
            return "one more message was not found as the last";
        }
        if (Messages.refusal(entry) == null && !again.head.hash().equals(Messages.get(entry).hash())) {
            return "one more entry of the ledger was not found as the last";
        }
        if (Messages.refusal(value) == null && !Messages.hash(more).equals(again.values.get("more"))) {
            return "one more value was not found";
        }
        if (counters.value(Counter.STORAGE_RECORDS_DAMAGED) != 0) {
            return "damage after one more of each";
        }
        if (!again.rest().equals(expected.rest())) {
            return "opened once more it holds not " + expected.rest() + " but " + again.rest();
        }
        if (!isFull) {
            again.mail.get(0).remove(again.mail.get(0).size() - 1);
        }
        mailLater = again.mail;
        return null;
    }

    private String rest() {
        return values + " " + head + " " + entries.stream().map(Ledger.Entry::hash).toList();
    }
}
