package network.conet.edge.storage.internal.log;

import java.io.IOException;

/** The files were written by newer software. They are left as they are. */
public final class UnknownFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    UnknownFormatException(String file, int version) {
        super("file " + file + " of the mailbox has format version " + version + (version <= SegmentHeader.VERSION
                ? " with parts that this software does not know" : ", this software reads up to "
                + SegmentHeader.VERSION) + "; install the newer software again or move the mailbox away");
    }
}
