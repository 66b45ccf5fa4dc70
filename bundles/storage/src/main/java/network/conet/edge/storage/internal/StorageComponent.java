package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.file.InvalidPathException;
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
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the node its mailbox: takes the directory, starts the writer, and writes what waits when it ends. */
@Component(name = StorageComponent.PID, configurationPid = StorageComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {Mailbox.class, HealthCheck.class})
@Designate(ocd = StorageConfig.class)
public final class StorageComponent implements Mailbox, HealthCheck {
    static final String PID = "network.conet.edge.storage";

    private static final Logger LOG = LoggerFactory.getLogger(StorageComponent.class);
    private static final String DATA_PROPERTY = "conet.data";

    private final DirectoryVolume volume;
    private final ThreadPoolExecutor readers;
    private final MailboxService service;

    /**
     * Opens the mailbox. A configuration or directory that cannot be used ends the node with one clear line.
     *
     * @throws IOException after the node was told to end
     */
    @Activate
    public StorageComponent(BundleContext context, StorageConfig config, @Reference Clock clock,
            @Reference Counters counters, @Reference Lifecycle lifecycle) throws IOException {
        DirectoryVolume opened = null;
        ThreadPoolExecutor threads = null;
        try {
            MailboxSettings settings = settings(config);
            opened = new DirectoryVolume(directory(context, config));
            threads = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(StorageLimits.READS_WAITING_MAX), task -> {
                        Thread thread = new Thread(task, "conet-mailbox-reader");
                        thread.setDaemon(true);
                        return thread;
                    });
            service = new MailboxService(opened, settings, clock, counters, new SecureRandom(), threads,
                    new CommitThread());
        } catch (IOException | IllegalArgumentException cause) {
            if (threads != null) {
                threads.shutdown();
            }
            if (opened != null) {
                opened.close();
            }
            String line = "The mailbox cannot be opened: " + cause.getMessage();
            lifecycle.refuseToStart(PID, line);
            throw new IOException(line, cause);
        }
        volume = opened;
        readers = threads;
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
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor) {
        return service.store(recipient, armorHash, armor);
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
    public List<HealthItem> check() {
        return service.check();
    }

    private static MailboxSettings settings(StorageConfig config) {
        MailboxSettings base = MailboxSettings.ofMiB(config.quotaMiB(), config.segmentMiB());
        return new MailboxSettings(base.segmentBytes(), base.segmentsMax(), config.commitWindowMillis(),
                config.commitBytes(), config.pendingBytesMax(), config.ackDelayMillis(), config.retentionDays());
    }

    private static Path directory(BundleContext context, StorageConfig config) {
        if (config.directory().isBlank()) {
            throw new IllegalArgumentException("directory is empty");
        }
        try {
            String data = context.getProperty(DATA_PROPERTY);
            Path path = Path.of(config.directory());
            return data == null ? path : Path.of(data).resolve(path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("directory is not a path: " + config.directory(), e);
        }
    }
}
