package network.conet.edge.chain;

import java.io.IOException;
import java.util.Locale;

/**
 * The server answered, but not with a result. That it answered is the point: it is not an outage. The text comes
 * from the server; it is cut and cleaned for a log, and must not reach a peer.
 */
public final class RpcException extends IOException {
    /** Our own code: the answer was larger than {@link ChainLimits#ANSWER_BYTES_MAX}. */
    public static final int ANSWER_TOO_LARGE = 1;
    /** Our own code: the answer has another form than the method's. */
    public static final int MALFORMED = 2;
    /** geth and what follows it: the contract reverted. */
    private static final int REVERTED = 3;
    /** OpenEthereum and Nethermind: the contract reverted; the data says so. */
    private static final int VM_EXECUTION_ERROR = -32015;

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String data;

    /**
     * @param code the error's code
     * @param message the error's text
     * @param data the error's data when it is a string, else empty
     */
    public RpcException(int code, String message, String data) {
        super(code + " " + cleaned(message));
        this.code = code;
        this.data = data;
    }

    /** The code of the error object. */
    public int code() {
        return code;
    }

    /** The data of the error object, empty when there is none: of a revert, the ABI-encoded reason. */
    public String data() {
        return data;
    }

    /**
     * Whether a contract ended the call on purpose ({@code REVERT}). Running out of gas, a missing block or a busy
     * server is not that. Servers differ: geth, anvil and most others use code 3; older ones only the text; the
     * OpenEthereum family says it in the data.
     */
    public boolean isRevert() {
        String text = getMessage().toLowerCase(Locale.ROOT);
        return code == REVERTED
                || code == VM_EXECUTION_ERROR && data.startsWith("Reverted")
                || text.contains("execution reverted")
                || text.contains("vm exception while processing transaction: revert");
    }

    private static String cleaned(String message) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(message.length(), ChainLimits.ERROR_CHARS_MAX); i++) {
            char c = message.charAt(i);
            text.append(c < ' ' || c > '~' ? '.' : c);
        }
        return text.toString();
    }
}
