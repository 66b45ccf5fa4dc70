package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * One line for operators about a failure of the disk: the system's own messages name a file, and not always what is
 * wrong with it.
 */
public final class FailureLine {
    private FailureLine() {}

    /** What failed, and why. */
    public static String of(IOException failed) {
        if (failed instanceof FileSystemException file) {
            String reason = file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
            reason = file instanceof AccessDeniedException ? "permission denied" : reason;
            reason = file instanceof NoSuchFileException ? "no such file or directory" : reason;
            return file.getFile() + ": " + reason;
        }
        return failed.getMessage() == null ? failed.toString() : failed.getMessage();
    }
}
