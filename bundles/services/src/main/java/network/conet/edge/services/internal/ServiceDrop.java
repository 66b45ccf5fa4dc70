package network.conet.edge.services.internal;

import java.nio.file.Path;

/** Takes services as files. Never waits. */
public interface ServiceDrop {
    /** A file has come, or has other contents than before. */
    void dropped(Path file, byte[] jar);

    /** A file has gone. */
    void taken(Path file);
}
