package network.conet.edge.crypto.internal;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import network.conet.edge.crypto.SecretFiles;
import network.conet.edge.crypto.WalletSignatures;

/**
 * {@code conet-edge backup create|show|restore}: the node's keys and settings as one file that a password opens. Mail
 * is not in it: what waited when a backup was made has been fetched since, or is on a medium that can still be read.
 */
public final class BackupTool {
    static final int OK = 0;
    static final int USAGE = 2;
    static final int IO = 74;
    static final int REFUSED = 78;
    static final int PASSWORD_CHARS_MIN = 12;

    private static final String HELP = "usage: conet-edge backup create|show|restore --file FILE [--password-file FILE]"
            + " [--data DIR] [--config FILE]";
    private static final int PASSWORD_CHARS_MAX = 1024;
    private static final int PASSWORD_FILE_BYTES_MAX = 8192;
    private static final int SEALED_BYTES_MAX = Backup.BYTES_MAX + 64 * 1024;
    private static final String UNFINISHED = "keys.restored";

    private final Path data;
    private final Path config;
    private final PrintStream out;

    private BackupTool(Path data, Path config, PrintStream out) {
        this.data = data;
        this.config = config;
        this.out = out;
    }

    /** Why a command was not done: the exit code beside the line. */
    private static final class RefusedCommand extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        RefusedCommand(int status, String line) {
            super(line);
            this.status = status;
        }
    }

    /**
     * Runs one command.
     *
     * @param data the node's data directory
     * @param config the node's configuration file
     * @param arguments behind {@code backup}
     * @param out for what was done, one line
     * @param err for one line when it cannot be done
     * @param epochMillis the wall clock
     * @param monotonicNanos unused: all commands have the same form
     * @return 0 done; 2 wrong arguments; 74 a file cannot be read or written; 78 refused, nothing was changed
     */
    public static int run(Path data, Path config, List<String> arguments, PrintStream out, PrintStream err,
            LongSupplier epochMillis, LongSupplier monotonicNanos) {
        try {
            return new BackupTool(data, config, out).run(arguments, epochMillis);
        } catch (RefusedCommand refused) {
            return fail(err, refused.status, refused.getMessage());
        } catch (FileSystemException failed) {
            String reason = failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason();
            return fail(err, IO, failed.getFile() + ": " + reason);
        } catch (IOException failed) {
            return fail(err, IO, failed.getMessage());
        }
    }

    private int run(List<String> arguments, LongSupplier epochMillis) throws RefusedCommand, IOException {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        Map<String, String> given = options(arguments);
        Path file = Path.of(given.get("--file"));
        if (command.equals("create")) {
            if (Files.exists(file)) {
                throw new RefusedCommand(REFUSED, file + " is there already; name another, or remove it");
            }
            KeyDirectory.Keys keys = KeyDirectory.open(data.resolve("keys"));
            char[] password = password(given.get("--password-file"), true);
            Backup backup = new Backup(nameOf(keys), epochMillis.getAsLong() / 1000, files());
            SecretFiles.write(file, BackupFile.seal(backup.toZip(), password, new SecureRandom()));
            Arrays.fill(password, '\0');
            out.println("node " + backup.wallet() + " backed up: " + backup.files().size() + " files, "
                    + Files.size(file) + " bytes");
            return OK;
        }
        Backup backup = open(file, given.get("--password-file"));
        if (command.equals("show")) {
            out.println("node " + backup.wallet() + ", backed up at " + Instant.ofEpochSecond(backup.madeAtSeconds())
                    + ": " + String.join(" ", backup.files().keySet()));
            return OK;
        }
        restore(backup);
        return OK;
    }

    private static String nameOf(KeyDirectory.Keys keys) {
        return keys.wallet().address().toChecksumString(new WalletSignatures());
    }

    private SortedMap<String, byte[]> files() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(data.resolve("keys"))) {
            for (Path entry : entries) {
                // A name with a dot is of a write that a crash interrupted.
                if (Files.isRegularFile(entry) && !entry.getFileName().toString().startsWith(".")) {
                    files.put(Backup.KEYS + entry.getFileName(), SecretFiles.read(entry, Backup.FILE_BYTES_MAX));
                }
            }
        }
        if (Files.isRegularFile(config)) {
            files.put(Backup.CONFIG, bytes(config, Backup.FILE_BYTES_MAX));
        }
        return files;
    }

    private static Backup open(Path file, String passwordFile) throws RefusedCommand, IOException {
        byte[] sealed = bytes(file, SEALED_BYTES_MAX);
        char[] password = password(passwordFile, false);
        try {
            return Backup.ofZip(BackupFile.open(sealed, password, Backup.BYTES_MAX));
        } catch (IOException unusable) {
            throw new RefusedCommand(REFUSED, file + ": " + unusable.getMessage());
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** The keys get their name last: until then there are none, and the command can be run again. */
    private void restore(Backup backup) throws RefusedCommand, IOException {
        Path keys = data.resolve("keys");
        if (!KeyDirectory.isAbsentOrEmpty(keys)) {
            throw new RefusedCommand(REFUSED,
                    keys + " holds keys already; move them away first, if they are not wanted");
        }
        SecretFiles.createDirectory(data);
        Path fresh = data.resolve(UNFINISHED);
        KeyDirectory.removeUnfinished(fresh);
        SecretFiles.createDirectory(fresh);
        for (Map.Entry<String, byte[]> file : backup.files().entrySet()) {
            if (file.getKey().startsWith(Backup.KEYS)) {
                SecretFiles.write(fresh.resolve(file.getKey().substring(Backup.KEYS.length())), file.getValue());
            }
        }
        String wallet;
        try {
            wallet = nameOf(KeyDirectory.open(fresh));
        } catch (IOException unusable) {
            KeyDirectory.removeUnfinished(fresh);
            throw new RefusedCommand(REFUSED, "the keys of the backup cannot be used: " + unusable.getMessage());
        }
        String settings = restoreConfig(backup.files().get(Backup.CONFIG));
        Files.move(fresh, keys, StandardCopyOption.ATOMIC_MOVE);
        SecretFiles.forceDirectory(data);
        out.println("node " + wallet + " restored" + settings);
    }

    private String restoreConfig(byte[] content) throws IOException {
        if (content == null || content.length == 0) {
            return "; the backup has no settings";
        }
        if (Files.exists(config) && Files.size(config) > 0) {
            return Arrays.equals(content, bytes(config, Backup.FILE_BYTES_MAX)) ? ""
                    : "; the settings in " + config + " were left as they are";
        }
        Path fresh = config.resolveSibling(config.getFileName() + ".new");
        Files.write(fresh, content);
        Files.move(fresh, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return ", with its settings";
    }

    private static byte[] bytes(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(bytesMax + 1);
            if (content.length > bytesMax) {
                throw new IOException(file + " is larger than " + bytesMax + " bytes, so it is not what it should be");
            }
            return content;
        }
    }

    private static char[] password(String file, boolean isNew) throws RefusedCommand, IOException {
        char[] password;
        if (file != null) {
            String text = new String(bytes(Path.of(file), PASSWORD_FILE_BYTES_MAX), StandardCharsets.UTF_8);
            password = text.lines().findFirst().orElse("").toCharArray();
        } else {
            Console console = System.console();
            if (console == null) {
                throw new RefusedCommand(USAGE, "nobody can be asked for the password here; " + HELP);
            }
            password = console.readPassword("Password of the backup: ");
            if (isNew && !Arrays.equals(password, console.readPassword("Once more: "))) {
                throw new RefusedCommand(REFUSED, "the two passwords differ");
            }
        }
        if (password == null) {
            throw new RefusedCommand(REFUSED, "no password was given");
        }
        if (isNew && password.length < PASSWORD_CHARS_MIN || password.length > PASSWORD_CHARS_MAX) {
            throw new RefusedCommand(REFUSED, "the password has " + password.length + " characters; from "
                    + PASSWORD_CHARS_MIN + " to " + PASSWORD_CHARS_MAX
                    + " are needed, as the file may get into any hands");
        }
        return password;
    }

    private static Map<String, String> options(List<String> arguments) throws RefusedCommand {
        if (arguments.isEmpty() || !List.of("create", "show", "restore").contains(arguments.get(0))) {
            throw new RefusedCommand(USAGE, HELP);
        }
        Map<String, String> given = new HashMap<>();
        for (int i = 1; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.equals("--file") && !name.equals("--password-file")) {
                throw new RefusedCommand(USAGE, "unknown option " + name + "; " + HELP);
            }
            if (i + 1 == arguments.size() || given.put(name, arguments.get(i + 1)) != null) {
                throw new RefusedCommand(USAGE, name + " needs a value, once; " + HELP);
            }
        }
        if (!given.containsKey("--file")) {
            throw new RefusedCommand(USAGE, "--file is missing; " + HELP);
        }
        return given;
    }

    private static int fail(PrintStream err, int status, String line) {
        err.println("conet-edge: " + String.valueOf(line).replaceAll("\\s+", " "));
        return status;
    }
}
