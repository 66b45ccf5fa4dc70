package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.storage.internal.wear.CardWear;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the node its storage: takes the directory, starts the writer, and writes what waits when it ends. */
@Component(name = StorageComponent.PID, configurationPid = StorageComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {Mailbox.class, Ledger.class, ValueStore.class, HealthCheck.class})
@Designate(ocd = StorageConfig.class)
public final class StorageComponent implements Mailbox, Ledger, ValueStore, HealthCheck {
    static final String PID = "network.conet.edge.storage";

    private static final Logger LOG = LoggerFactory.getLogger(StorageComponent.class);
    private static final String DATA_PROPERTY = "conet.data";

    private final DirectoryVolume volume;
    private final ThreadPoolExecutor readers;
    private final StorageService service;
    private final Ledger ledger;
    private final ValueStore values;

    /**
     * Opens the storage. A configuration, directory or key that cannot be used ends the node with one clear line.
     *
     * @throws IOException after the node was told to end
     */
    @Activate
    public StorageComponent(BundleContext context, StorageConfig config, @Reference Clock clock,
            @Reference Counters counters, @Reference Lifecycle lifecycle) throws IOException {
        DirectoryVolume opened = null;
        ThreadPoolExecutor threads = null;
        try {
            StorageSettings settings = ConfigReader.settings(config);
            Path directory = resolve(context, "directory", config.directory());
            opened = new DirectoryVolume(directory);
            StorageKey key = KeyFile.open(resolve(context, "keyFile", config.keyFile()), opened,
                    new SecureRandom());
            threads = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(StorageLimits.READS_WAITING_MAX), task -> {
                        Thread thread = new Thread(task, "conet-storage-reader");
                        thread.setDaemon(true);
                        return thread;
                    });
            CardWear card = new CardWear(directory, Path.of("/"), config.ratedErases());
            service = new StorageService(settings, new StorageParts(opened, key, clock, counters,
                    new SecureRandom(), threads, new CommitThread(), card::read,
                    new MemoryProbe(MemoryProbe.Heap.OWN)));
        } catch (IOException | IllegalArgumentException cause) {
            if (threads != null) {
                threads.shutdown();
            }
            if (opened != null) {
                opened.close();
            }
            String line = "The mailbox cannot be opened: "
                    + (cause instanceof IOException failed ? FailureLine.of(failed) : cause.getMessage());
            lifecycle.refuseToStart(PID, line);
            throw new IOException(line, cause);
        }
        volume = opened;
        readers = threads;
        ledger = service.ledger();
        values = service.values();
    }

    /** Writes what waits and gives the directory back. */
    @Deactivate
    void deactivate() {
        try {
            service.close();
        } catch (IOException failure) {
            LOG.error("The mailbox could not be closed cleanly: {}", failure.toString());
        }
        readers.shutdown();
        try {
            volume.close();
        } catch (IOException failure) {
            LOG.error("The mailbox directory could not be given back: {}", failure.toString());
        }
    }

    @Override
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
            Optional<byte[]> ledgerEntry) {
        return service.store(recipient, armorHash, armor, source, ledgerEntry);
    }

    @Override
    public long bytes(KeyId recipient) {
        return service.bytes(recipient);
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
        return service.next(recipient, afterSequence);
    }

    @Override
    public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
        return service.acknowledge(recipient, armorHash);
    }

    @Override
    public int count(KeyId recipient) {
        return service.count(recipient);
    }

    @Override
    public CompletionStage<Entry> append(byte[] content) {
        return ledger.append(content);
    }

    @Override
    public Head head() {
        return ledger.head();
    }

    @Override
    public CompletionStage<List<Entry>> read(long fromIndex, int entriesMax) {
        return ledger.read(fromIndex, entriesMax);
    }

    @Override
    public CompletionStage<Void> settle(long throughIndex) {
        return ledger.settle(throughIndex);
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String space, String key) {
        return values.get(space, key);
    }

    @Override
    public CompletionStage<Void> put(String space, String key, byte[] value) {
        return values.put(space, key, value);
    }

    @Override
    public CompletionStage<Void> remove(String space, String key) {
        return values.remove(space, key);
    }

    @Override
    public List<String> keys(String space) {
        return values.keys(space);
    }

    @Override
    public List<HealthItem> check() {
        return service.check();
    }

    private static Path resolve(BundleContext context, String setting, String text) {
        String data = context.getProperty(DATA_PROPERTY);
        return ConfigReader.path(data == null ? Path.of("") : Path.of(data), setting, text);
    }
}
