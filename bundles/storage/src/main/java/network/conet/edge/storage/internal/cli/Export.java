package network.conet.edge.storage.internal.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.StoreReader;

/**
 * Copies what waits in one mailbox into a directory: a file {@code <sequence>.asc} for each message, sealed as it came,
 * and {@code export.json}, last. Nothing is overwritten.
 */
final class Export {
    private static final String INDEX = "export.json";

    private final StoreReader store;
    private final KeyId mailbox;
    private final Path target;
    private final List<JsonValue> messages = new ArrayList<>();
    private final List<Long> damaged = new ArrayList<>();

    Export(StoreReader store, KeyId mailbox, Path target) {
        this.store = store;
        this.mailbox = mailbox;
        this.target = target;
    }

    /** @param source the directory of the store, into which nothing is written */
    void run(Path source) throws IOException, ToolException {
        long blinded = store.blind(mailbox);
        if (isInside(source)) {
            throw ToolException.usage("--to " + target + " lies inside the mailbox directory");
        }
        if (!Files.isDirectory(target)) {
            Files.createDirectories(target, attributes("rwx------"));
        }
        refuseExisting(INDEX);
        store.forEach(blinded, message -> {
            if (message.message() == null) {
                damaged.add(message.sequence());
            } else {
                write(message);
            }
        });
        JsonValue index = JsonValue.object().put("version", StorageTool.JSON_VERSION)
                .put("mailbox", mailbox.toString()).put("count", messages.size())
                .put("messages", JsonValue.array(messages))
                .put("damaged", JsonValue.array(damaged.stream().map(JsonValue::of).toList())).build();
        write(INDEX, index.toString().getBytes(StandardCharsets.UTF_8));
    }

    private boolean isInside(Path source) throws IOException {
        Path existing = target;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing != null && existing.toRealPath().startsWith(source.toRealPath());
    }

    private void write(StoreReader.Message message) throws IOException {
        String name = message.sequence() + ".asc";
        byte[] armor = message.message().armor();
        write(name, armor);
        messages.add(JsonValue.object().put("sequence", message.sequence()).put("file", name)
                .put("bytes", armor.length).put("armorHash", Hash256.of(message.message().hash()).toString()).build());
    }

    private void write(String name, byte[] bytes) throws IOException {
        refuseExisting(name);
        try (FileChannel channel = FileChannel.open(target.resolve(name),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), attributes("rw-------"))) {
            ByteBuffer content = ByteBuffer.wrap(bytes);
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    private void refuseExisting(String name) throws IOException {
        if (Files.exists(target.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(target.resolve(name) + " is there already and is not overwritten");
        }
    }

    private FileAttribute<?>[] attributes(String permissions) {
        boolean isPosix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    boolean isComplete() {
        return damaged.isEmpty();
    }

    List<String> toLines() {
        List<String> lines = new ArrayList<>();
        damaged.forEach(sequence -> lines.add("message " + sequence + " is damaged and left out"));
        lines.add(Text.count(messages.size(), "message") + " of mailbox " + mailbox + " written to " + target + ", "
                + damaged.size() + " damaged");
        return lines;
    }
}
