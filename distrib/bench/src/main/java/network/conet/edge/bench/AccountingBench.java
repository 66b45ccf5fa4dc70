package network.conet.edge.bench;

import fr.acinq.secp256k1.Secp256k1;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import network.conet.edge.api.Counter;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.Quotas;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.testkit.SettableClock;

/**
 * What it costs to account for a message: CPU time of the thread in microseconds, and bytes and forces on the disk,
 * beside the same message without; and secp256k1 in pure Java beside libsecp256k1. Medians.
 *
 * <p>Arguments: batches, milliseconds a batch, a directory to store in.
 */
public final class AccountingBench {
    private static final int MESSAGE_BYTES = 1024;
    private static final int GROUP = 11;
    private static final int GROUPS = 200;
    private static final int WINDOW_MILLIS = 1000;

    private final JsonValue.Builder results = JsonValue.object();
    private final SecureRandom random = new SecureRandom();
    private final WalletSignatures signatures = new WalletSignatures();
    private final CpuLoops loops;

    private AccountingBench(CpuLoops loops) {
        this.loops = loops;
    }

    /** Measures. */
    public static void main(String[] arguments) throws Exception {
        AccountingBench bench = new AccountingBench(
                new CpuLoops(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1])));
        bench.curve();
        bench.entries();
        Path directory = Path.of(arguments[2]);
        for (int group : new int[] {1, GROUP}) {
            bench.storing(directory, group, false);
            bench.storing(directory, group, true);
        }
        System.out.println(bench.results.build());
    }

    private void curve() throws Exception {
        byte[] key = new byte[32];
        random.nextBytes(key);
        Wallet wallet = Wallet.of(key);
        Hash256 digest = signatures.hash(key);
        WalletSignature signature = wallet.signDigest(digest);
        byte[] compact = Arrays.copyOf(signature.bytes(), 64);
        int recovery = signature.bytes()[64] - 27;
        Secp256k1 library = Secp256k1.get();
        measure("sign, pure Java", () -> wallet.signDigest(digest).hashCode());
        measure("sign, libsecp256k1", () -> library.sign(digest.bytes(), key, null).length);
        measure("recover, pure Java", () -> signatures.recoverDigest(digest, signature).hashCode());
        measure("recover, libsecp256k1", () -> library.ecdsaRecover(compact, digest.bytes(), recovery).length);
    }

    private LedgerEntry.Mail entry(int forwarders) {
        byte[] wallet = new byte[WalletAddress.BYTES];
        random.nextBytes(wallet);
        List<WalletAddress> carriers = new ArrayList<>();
        for (int i = 0; i < forwarders; i++) {
            carriers.add(WalletAddress.of(wallet));
        }
        return new LedgerEntry.Mail(1_790_000_000L, WalletAddress.of(wallet), new KeyId(7), signatures.hash(wallet),
                MESSAGE_BYTES, carriers);
    }

    private void entries() throws Exception {
        LedgerEntry.Mail mail = entry(1);
        byte[] bytes = mail.encode();
        results.put("entry, bytes", bytes.length);
        measure("entry: write", () -> mail.encode().length);
        measure("entry: read", () -> LedgerEntry.parse(bytes).hashCode());
    }

    /** Stores groups of messages, with entries or without; CPU, bytes and forces for each message. */
    private void storing(Path parent, int group, boolean isAccounted) throws Exception {
        Path directory = Files.createTempDirectory(parent, "accounting");
        PlainCounters counters = new PlainCounters();
        SettableClock clock = new SettableClock(1_790_000_000_000L);
        StorageSettings settings = StorageSettings.ofMiB(64, 4)
                .withQuotas(Quotas.DEFAULT.withMailbox(Long.MAX_VALUE, 1_000_000, Long.MAX_VALUE));
        try (DirectoryVolume volume = new DirectoryVolume(directory);
                StorageService storage = new StorageService(settings, new StorageParts(volume,
                        StorageKey.of(new byte[StorageKey.BYTES]), clock, counters, random, Runnable::run,
                        CommitDriver.MANUAL))) {
            List<Double> micros = new ArrayList<>();
            long bytes = 0;
            long forces = 0;
            for (int i = 0; i < GROUPS; i++) {
                long cpu = loops.cpuNanos();
                long bytesBefore = counters.value(Counter.STORAGE_BYTES_WRITTEN);
                long forcesBefore = counters.value(Counter.STORAGE_FORCES);
                for (int m = 0; m < group; m++) {
                    byte[] armor = new byte[MESSAGE_BYTES];
                    random.nextBytes(armor);
                    Optional<byte[]> entry = isAccounted ? Optional.of(entry(1).encode()) : Optional.empty();
                    storage.store(new KeyId(7), signatures.hash(armor), armor, MailSource.LOCAL, entry);
                }
                clock.advanceMillis(WINDOW_MILLIS);
                storage.pump();
                if (i >= GROUPS / 2) {
                    micros.add((loops.cpuNanos() - cpu) / 1000.0 / group);
                    bytes += counters.value(Counter.STORAGE_BYTES_WRITTEN) - bytesBefore;
                    forces += counters.value(Counter.STORAGE_FORCES) - forcesBefore;
                }
            }
            String name = (isAccounted ? "stored with its entry, " : "stored without, ") + group + " in a group";
            results.put(name + ", CPU", JsonValue.of(CpuLoops.median(micros)));
            results.put(name + ", bytes", bytes / (GROUPS / 2) / group);
            results.put(name + ", forces for 1000", forces * 1000 / (GROUPS / 2) / group);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private void measure(String name, Callable<? extends Number> step) throws Exception {
        results.put(name, JsonValue.of(loops.micros(step)));
    }
}
