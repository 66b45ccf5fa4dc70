package network.conet.edge.itest.replay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import network.conet.edge.api.Clock;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.relay.internal.Relay;
import network.conet.edge.relay.internal.RelayParts;
import network.conet.edge.relay.internal.RelaySettings;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.CommitThread;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.transport.internal.FrontSettings;
import network.conet.edge.transport.internal.HttpFront;

/**
 * A whole node without a framework: the real relay, transport, crypto and storage, on a directory and a free port of
 * one address. It enters itself into its network when it listens. One thread starts and closes it.
 */
final class TestNode implements Closeable {
    private static final int LISTENERS_MAX = 1000;
    private static final int QUOTA_MEBIBYTES = 8;
    private static final int SEGMENT_MEBIBYTES = 1;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final KeyRing keys;
    private final TestNetwork network;
    private final String host;
    private final PlainCounters counters = new PlainCounters();
    private final ExecutorService readers = Executors.newSingleThreadExecutor();
    private final DirectoryVolume volume;
    private final StorageService mailbox;
    private final Relay relay;
    private final HttpFront front;

    /** A node that writes to its disk as soon as there is something to write. */
    TestNode(KeyRing keys, TestNetwork network, Clock clock, Path directory, String host) throws IOException {
        this(keys, network, clock, directory, host, new CommitThread());
    }

    /**
     * @param keys who it is; closed by whoever made them
     * @param network whom it knows
     * @param directory of its mailboxes, missing or from an earlier life
     * @param host a loopback address, where it listens
     * @param driver when it writes to its disk
     */
    TestNode(KeyRing keys, TestNetwork network, Clock clock, Path directory, String host, CommitDriver driver)
            throws IOException {
        this.keys = keys;
        this.network = network;
        this.host = host;
        WalletSignatures signatures = new WalletSignatures();
        volume = new DirectoryVolume(directory);
        mailbox = new StorageService(settings(), new StorageParts(volume, StorageKey.of(new byte[StorageKey.BYTES]),
                clock, counters, new SecureRandom(), readers, driver));
        relay = new Relay(new RelayParts(keys, signatures, mailbox, network, network, network, network,
                (command, exchange) -> exchange.refuse(RefuseReason.COMMAND_UNKNOWN),
                (command, exchange) -> exchange.refuse(RefuseReason.COMMAND_UNKNOWN), Optional::empty, clock, counters,
                new SecureRandom()),
                new RelaySettings(LISTENERS_MAX, false));
        String wallet = keys.wallet().toChecksumString(signatures);
        front = new HttpFront(FrontSettings.defaults().listen(0, host), relay, () -> wallet, counters, clock);
        front.start();
        network.put(new NodeEntry(keys.keyId(), keys.wallet(), new Endpoint(host, front.port()),
                keys.publicKeyArmored(), ""));
    }

    /** An SD card's, but it waits for nothing: the clock of a test may stand still. */
    private static StorageSettings settings() {
        StorageSettings card = StorageSettings.ofMiB(QUOTA_MEBIBYTES, SEGMENT_MEBIBYTES);
        return card.withFlash(card.flash().withWindows(0, 0));
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(host, front.port());
    }

    KeyRing keys() {
        return keys;
    }

    PlainCounters counters() {
        return counters;
    }

    /** Waits until the node has seen that all its clients have gone. */
    void awaitNoConnection() {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        while (front.connections() > 0) {
            if (System.nanoTime() - endNanos > 0) {
                throw new AssertionError("clients that have gone are still connected");
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** Tells network and node that an epoch has begun; its listeners get their frames. */
    void beginEpoch(Epoch epoch) {
        network.setEpoch(epoch);
        relay.epochBegan(epoch);
    }

    /** Writes to the disk what is due, for a node whose driver does not. */
    void pump() {
        mailbox.pump();
    }

    /** The messages in a mailbox, oldest first. */
    List<String> mail(KeyId recipient) {
        List<String> armors = new ArrayList<>();
        Optional<Mailbox.StoredMessage> next = next(recipient, 0);
        while (next.isPresent()) {
            armors.add(new String(next.get().armor(), StandardCharsets.US_ASCII));
            next = next(recipient, next.get().sequence());
        }
        return armors;
    }

    private Optional<Mailbox.StoredMessage> next(KeyId recipient, long afterSequence) {
        return mailbox.next(recipient, afterSequence).toCompletableFuture().join();
    }

    @Override
    public void close() throws IOException {
        relay.close();
        front.close();
        mailbox.close();
        readers.shutdown();
        volume.close();
    }
}
