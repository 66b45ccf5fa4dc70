package network.conet.edge.services.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.conet.edge.protocol.service.ServiceBundle;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Takes service files from the directory that Felix File Install watches. Its filter lets it see nothing else there, so
 * that a bundle with code cannot come in by this way.
 */
@Component(service = ArtifactInstaller.class)
public final class DropComponent implements ArtifactInstaller {
    private final ServiceDrop drop;

    /** Called by the component runtime. */
    @Activate
    public DropComponent(@Reference ServiceDrop drop) {
        this.drop = drop;
    }

    @Override
    public boolean canHandle(File artifact) {
        return artifact.isFile() && artifact.getName().endsWith(ServiceBundle.FILE_ENDING);
    }

    @Override
    public void install(File artifact) throws IOException {
        update(artifact);
    }

    @Override
    public void update(File artifact) throws IOException {
        Path file = artifact.toPath().toAbsolutePath();
        // One byte over the limit is enough to be refused for it.
        try (var in = Files.newInputStream(file)) {
            drop.dropped(file, in.readNBytes(ServiceBundle.BYTES_MAX + 1));
        }
    }

    @Override
    public void uninstall(File artifact) {
        drop.taken(artifact.toPath().toAbsolutePath());
    }
}
