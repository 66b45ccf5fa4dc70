package network.conet.edge.client;

import java.util.Objects;

/** Something did not work, told in one line for a person, and as a kind for a program. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What sort of trouble it is. */
    public enum Kind {
        /** A file or setting on this computer. */
        SETUP(3),
        /** The chain or every node that was tried cannot be reached. */
        UNREACHABLE(4),
        /** The network said no: an unknown wallet, no route, a refused command. */
        REFUSED(5),
        /** It did not happen in the time given. */
        TIMEOUT(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** What the command line exits with. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    /**
     * @param kind what sort
     * @param line what is wrong and what to do about it
     */
    public ClientException(Kind kind, String line) {
        this(kind, line, null);
    }

    /**
     * @param kind what sort
     * @param line what is wrong and what to do about it
     * @param cause what it came from, or null
     */
    public ClientException(Kind kind, String line, Throwable cause) {
        super(line, cause);
        this.kind = Objects.requireNonNull(kind);
    }

    /** What sort of trouble it is. */
    public Kind kind() {
        return kind;
    }
}
