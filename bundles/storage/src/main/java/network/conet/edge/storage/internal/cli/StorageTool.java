package network.conet.edge.storage.internal.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import network.conet.edge.storage.internal.FailureLine;
import network.conet.edge.storage.internal.StorePlace;
import network.conet.edge.storage.internal.StoreReader;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.InUseException;
import network.conet.edge.storage.internal.log.OtherKeyException;
import network.conet.edge.storage.internal.log.ReadOnlyVolume;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.storage.internal.log.UnknownFormatException;

/** The operator's commands on a store. */
public final class StorageTool {
    /** Version of every JSON text that is printed or written. */
    static final int JSON_VERSION = 1;

    static final int OK = 0;
    static final int DAMAGED = 1;
    static final int USAGE = 2;
    static final int IO = 74;
    static final int IN_USE = 75;
    static final int REFUSED = 78;

    /** What changes under the eyes of the reader may look damaged: only what is so again and again, is. */
    private static final int READS_MAX = 5;

    private final Path data;
    private final Path config;
    private final PrintStream out;

    private StorageTool(Path data, Path config, PrintStream out) {
        this.data = data;
        this.config = config;
        this.out = out;
    }

    /**
     * Runs one command.
     *
     * @param data the node's data directory
     * @param config the node's configuration file
     * @param arguments behind {@code storage}
     * @param out for what was asked
     * @param err for one line when it cannot be done
     * @param epochMillis the wall clock
     * @param monotonicNanos a clock that never goes back
     * @return the exit code
     */
    public static int run(Path data, Path config, List<String> arguments, PrintStream out, PrintStream err,
            LongSupplier epochMillis, LongSupplier monotonicNanos) {
        try {
            Arguments parsed = Arguments.parse(arguments);
            StorageTool tool = new StorageTool(data, config, out);
            return tool.run(parsed, epochMillis, monotonicNanos);
        } catch (ToolException refused) {
            return fail(err, refused.status(), refused.getMessage());
        } catch (IllegalArgumentException bad) {
            return fail(err, REFUSED, bad.getMessage());
        } catch (OtherKeyException | UnknownFormatException unusable) {
            return fail(err, REFUSED, unusable.getMessage());
        } catch (InUseException running) {
            return fail(err, IN_USE, running.getMessage() + "; stop the node first");
        } catch (IOException failed) {
            return fail(err, IO, FailureLine.of(failed));
        }
    }

    private int run(Arguments arguments, LongSupplier epochMillis, LongSupplier monotonicNanos)
            throws IOException, ToolException {
        StorePlace place = StorePlace.of(data, config);
        if (!Files.isDirectory(place.directory())) {
            throw new ToolException(IO, "there is no mailbox directory " + place.directory());
        }
        StorageKey key = keyOf(place);
        if (key == null && (arguments.mailbox() != null || !arguments.command().equals("check"))) {
            throw new ToolException(REFUSED, "there is no storage key " + place.keyFile()
                    + "; without it only check can be run, and not for one mailbox");
        }
        return switch (arguments.command()) {
            case "check" -> check(arguments, place, key);
            case "stats" -> stats(arguments, place, key);
            case "export" -> export(arguments, place, key);
            default -> Compaction.run(place, key, out, epochMillis, monotonicNanos);
        };
    }

    private static StorageKey keyOf(StorePlace place) throws ToolException {
        try {
            return place.key().orElse(null);
        } catch (IOException unusable) {
            throw new ToolException(REFUSED, FailureLine.of(unusable));
        }
    }

    private int check(Arguments arguments, StorePlace place, StorageKey key) throws IOException {
        boolean isInUse = DirectoryVolume.isInUse(place.directory());
        try (StoreReader store = read(place, key, true, isInUse)) {
            CheckReport report = new CheckReport(store, isInUse, key != null, arguments.mailbox());
            print(arguments.isJson() ? List.of(report.toJson().toString()) : report.toLines());
            return store.findings().isEmpty() ? OK : DAMAGED;
        }
    }

    private int stats(Arguments arguments, StorePlace place, StorageKey key) throws IOException {
        boolean isInUse = DirectoryVolume.isInUse(place.directory());
        try (StoreReader store = read(place, key, false, isInUse)) {
            StatsReport report = new StatsReport(store, isInUse, store.times(place.settings()));
            print(arguments.isJson() ? List.of(report.toJson().toString()) : report.toLines());
            return OK;
        }
    }

    private int export(Arguments arguments, StorePlace place, StorageKey key) throws IOException, ToolException {
        boolean isInUse = DirectoryVolume.isInUse(place.directory());
        try (StoreReader store = read(place, key, false, isInUse)) {
            Export export = new Export(store, arguments.mailbox(), arguments.target());
            export.run(place.directory());
            print(export.toLines());
            return export.isComplete() ? OK : DAMAGED;
        }
    }

    private static StoreReader read(StorePlace place, StorageKey key, boolean isThorough, boolean isInUse)
            throws IOException {
        for (int i = 1;; i++) {
            try {
                StoreReader store =
                        new StoreReader(new ReadOnlyVolume(place.directory()), place.settings(), key, isThorough);
                boolean isSure = !isInUse || !store.isChanged() && store.findings().isEmpty();
                if (isSure || i == READS_MAX) {
                    return store;
                }
                store.close();
            } catch (NoSuchFileException gone) {
                if (!isInUse || i == READS_MAX) {
                    throw gone;
                }
            }
        }
    }

    private void print(List<String> lines) {
        lines.forEach(out::println);
    }

    private static int fail(PrintStream err, int status, String line) {
        err.println("conet-edge: " + line.replaceAll("\\s+", " "));
        return status;
    }
}
