package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.file.Path;

/** Another process has the directory. */
public final class InUseException extends IOException {
    private static final long serialVersionUID = 1L;

    InUseException(Path directory) {
        super("directory " + directory + " is in use by another process of this node");
    }
}
