package network.conet.edge.crypto;

/**
 * Bytes that are not what they should be. Stays inside the package: callers see a {@code RefusedException} or an
 * {@code IOException}, depending on where the bytes came from. Carries no stack trace; attackers cause it at will.
 */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String what) {
        super(what, null, false, false);
    }
}
