package network.conet.edge.protocol;

import java.util.Locale;

/**
 * Why a request or message was refused. One constant is one metric label, one log key and one answer on the
 * wire; nothing is refused without one.
 */
public enum RefuseReason {
    /** Header block larger than {@link ProtocolLimits#HEADER_BYTES_MAX}. */
    HEADER_TOO_LARGE(Answer.NOT_FOUND),
    /** The request is not HTTP/1.x as section 2.2 allows it. */
    REQUEST_MALFORMED(Answer.NOT_FOUND),
    /** A method other than OPTIONS, GET and POST. */
    METHOD_UNSUPPORTED(Answer.NOT_FOUND),
    /** A GET for anything but {@code /nodeWallet}. */
    PATH_UNKNOWN(Answer.NOT_FOUND),
    /** A body with a transfer encoding instead of a content length. */
    TRANSFER_ENCODING_UNSUPPORTED(Answer.NOT_FOUND),
    /** An announced body larger than {@link ProtocolLimits#BODY_BYTES_MAX}. */
    BODY_TOO_LARGE(Answer.NOT_FOUND),
    /** The request did not arrive completely within its time. */
    REQUEST_TIMEOUT(Answer.CLOSE),
    /** The peer closed before its request was complete. */
    REQUEST_TRUNCATED(Answer.CLOSE),
    /** More connections than the node, or than one address, may hold. */
    CONNECTIONS_FULL(Answer.CLOSE),
    /** The bytes that may wait in memory for all requests together are used up. */
    MEMORY_FULL(Answer.UNAVAILABLE),

    /** The body is not a JSON object. */
    BODY_NOT_JSON(Answer.NOT_FOUND),
    /** No string member {@code data}. */
    DATA_MISSING(Answer.NOT_FOUND),
    /** The data is not an ASCII-armored OpenPGP message. */
    ARMOR_MALFORMED(Answer.NOT_FOUND),
    /** The armor is larger than {@link ProtocolLimits#ARMOR_BYTES_MAX}. */
    ARMOR_TOO_LARGE(Answer.NOT_FOUND),
    /** The message does not begin with a public-key encrypted session key packet. */
    KEY_ID_MISSING(Answer.NOT_FOUND),

    /** The hop header cannot be read. */
    HOPS_MALFORMED(Answer.CLOSE),
    /** The hop header is full: one more hop would exceed {@link ProtocolLimits#HOPS_MAX}. */
    HOPS_FULL(Answer.CLOSE),
    /** This node signed an earlier hop of the same message: a loop. */
    HOP_LOOP(Answer.CLOSE),
    /** The last hop of the header is not about the armor that arrived. */
    HOP_FORGED(Answer.CLOSE),
    /** A layer inside a layer for the same node: an attack on the once-only decryption. */
    LAYER_FOR_SAME_NODE(Answer.CLOSE),

    /** The message addressed to this node cannot be decrypted or fails its integrity check. */
    DECRYPT_FAILED(Answer.NOT_FOUND),
    /** More messages wait to be decrypted than the node allows. */
    DECRYPT_BUSY(Answer.UNAVAILABLE),
    /** The plaintext is neither a message, nor mailbox work, nor a signed command. */
    PLAINTEXT_UNKNOWN(Answer.NOT_FOUND),
    /** The command is not a JSON object with the members that its kind needs. */
    COMMAND_MALFORMED(Answer.NOT_FOUND),
    /** No service answers this command. */
    COMMAND_UNKNOWN(Answer.NOT_FOUND),
    /** The signature cannot be read or recovers to nobody's address. */
    SIGNATURE_MALFORMED(Answer.NOT_FOUND),
    /** The signature is of another wallet than the one the command names. */
    SIGNER_FOREIGN(Answer.NOT_FOUND),
    /** The command's timestamp is further than {@link ProtocolLimits#COMMAND_WINDOW_SECONDS} from now. */
    TIMESTAMP_OUTSIDE_WINDOW(Answer.NOT_FOUND),
    /** The same signed command was seen before. */
    COMMAND_REPLAYED(Answer.NOT_FOUND),
    /** A validator request whose claims do not hold together. */
    VALIDATION_FAILED(Answer.NOT_FOUND),

    /** Nobody keeps a mailbox for this key id, as far as the routing table knows. */
    ROUTE_UNKNOWN(Answer.NOT_FOUND),
    /** The routing table cannot be asked now and this route is not remembered. */
    ROUTES_UNAVAILABLE(Answer.UNAVAILABLE),
    /** The next node could not be connected. */
    NEXT_NODE_UNREACHABLE(Answer.NOT_FOUND),
    /** The next node closed without a byte of an answer. */
    NEXT_NODE_SILENT(Answer.BAD_GATEWAY),

    /** More listeners than the node may hold. */
    LISTENERS_FULL(Answer.UNAVAILABLE),
    /** The mailbox is over its quota. */
    MAILBOX_FULL(Answer.INSUFFICIENT_STORAGE),
    /** The owner of the mailbox did not come for so long that it takes no more. */
    MAILBOX_ABANDONED(Answer.INSUFFICIENT_STORAGE),
    /** The node as a whole has no room for new mail. */
    STORAGE_FULL(Answer.INSUFFICIENT_STORAGE),
    /** Too much of the ledger is not settled. */
    LEDGER_FULL(Answer.INSUFFICIENT_STORAGE),
    /** The space for values of services and settings is over its quota. */
    VALUES_FULL(Answer.INSUFFICIENT_STORAGE),
    /** This source of new mail has used its share of the day. */
    SOURCE_LIMITED(Answer.LATER),
    /** The card has taken the writes that it may take in a day. */
    WRITE_BUDGET_SPENT(Answer.LATER),
    /** The storage cannot take the message now. Nothing of it was kept. */
    STORAGE_FAILED(Answer.UNAVAILABLE),
    /** Registrations for others are limited for each wallet and for the node. */
    REGISTRATIONS_LIMITED(Answer.UNAVAILABLE),
    /** The node is stopping. */
    STOPPING(Answer.UNAVAILABLE),
    /** A fault of our own. The operator finds it in the log; the peer learns nothing. */
    INTERNAL(Answer.UNAVAILABLE);

    /** What the peer sees. Section 2.4: never an exception text. */
    public enum Answer {
        /** {@code 404}, the page that every web server shows. */
        NOT_FOUND,
        /** The connection ends without a byte. */
        CLOSE,
        /** {@code 502}. */
        BAD_GATEWAY,
        /** {@code 503} with {@code Retry-After} of seconds. */
        UNAVAILABLE,
        /** {@code 503} with {@code Retry-After} of an hour: what a day allows is used up. */
        LATER,
        /** {@code 507} with {@code Retry-After}. */
        INSUFFICIENT_STORAGE
    }

    private final Answer answer;
    private final String label;

    RefuseReason(Answer answer) {
        this.answer = answer;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** What the peer sees. */
    public Answer answer() {
        return answer;
    }

    /** The metric label and log key: the name in lower case. */
    public String label() {
        return label;
    }
}
