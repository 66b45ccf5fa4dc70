package network.conet.edge.services.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceManifest;

/**
 * The directory of service files: what lies there serves, also after a restart. Files that come by command are written
 * under another name first and renamed, so that whoever watches the directory sees whole files only.
 */
final class ServiceFiles {
    private static final String UNFINISHED = ".new";

    private final Path directory;

    ServiceFiles(Path directory) {
        this.directory = directory;
    }

    /** Where a service's file belongs. */
    Path path(ServiceManifest manifest) {
        return directory.resolve(manifest.name() + "-" + manifest.version() + ServiceBundle.FILE_ENDING);
    }

    /** Writes a file durably. */
    static void write(Path file, byte[] jar) throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer all = ByteBuffer.wrap(jar);
            while (all.hasRemaining()) {
                channel.write(all);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
