package network.conet.edge.storage.internal.log;

import java.io.IOException;

/** The files were written with another storage key. They are left as they are. */
public final class OtherKeyException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherKeyException(String file) {
        super("file " + file + " of the mailbox was written with another storage key; put that key back or move the "
                + "mailbox away");
    }
}
