package network.conet.edge.protocol;

/** Text that is not JSON as RFC 8259 defines it, or deeper nested than allowed. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonException(String message, int position) {
        super(message + " at character " + position, null, false, false);
    }
}
