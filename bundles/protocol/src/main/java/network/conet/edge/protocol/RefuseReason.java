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

    /** A service's Wasm module is larger than the node takes. */
    MODULE_TOO_LARGE(Answer.NOT_FOUND),
    /** The bytes are no Wasm module: the binary format is broken. */
    MODULE_MALFORMED(Answer.NOT_FOUND),
    /** The module is well-formed but not valid (core specification, chapter 3). */
    MODULE_INVALID(Answer.NOT_FOUND),
    /** The module uses a proposal that the node does not take: vectors, threads, exceptions and others. */
    MODULE_UNSUPPORTED(Answer.NOT_FOUND),
    /** The module has more of something than is allowed; the detail names the limit. */
    MODULE_LIMIT_EXCEEDED(Answer.NOT_FOUND),
    /** The module imports what no host gives, or with another type. */
    IMPORT_UNKNOWN(Answer.NOT_FOUND),
    /** The module imports what its manifest does not ask for, or the owner does not grant. */
    CAPABILITY_UNGRANTED(Answer.NOT_FOUND),
    /** The bundle is no service: a file is missing, or its manifest breaks a rule; the detail says which. */
    MANIFEST_MALFORMED(Answer.NOT_FOUND),
    /** The bundle carries code of its own beside the module. */
    BUNDLE_HOLDS_CODE(Answer.NOT_FOUND),
    /** Nobody signed the bundle. */
    BUNDLE_UNSIGNED(Answer.NOT_FOUND),
    /** The signature is not over this bundle's contents. */
    BUNDLE_CHANGED(Answer.NOT_FOUND),
    /** The publisher is not on the owner's list. */
    PUBLISHER_UNKNOWN(Answer.NOT_FOUND),
    /** The same version was installed before with other contents. */
    SERVICE_VERSION_CHANGED(Answer.NOT_FOUND),
    /** The service's self-test failed; the version does not serve. */
    SELF_TEST_FAILED(Answer.NOT_FOUND),
    /** The service could not carry its state over to its new version; the version does not serve. */
    MIGRATION_FAILED(Answer.NOT_FOUND),
    /** The node holds as many services as it may. */
    SERVICES_FULL(Answer.NOT_FOUND),

    /** No service of this name, or not in this version. */
    SERVICE_UNKNOWN(Answer.NOT_FOUND),
    /** The service failed too often and is shut off until its owner looks. */
    SERVICE_QUARANTINED(Answer.UNAVAILABLE),
    /** As many calls of the service are running as may. */
    SERVICE_BUSY(Answer.UNAVAILABLE),
    /** The input of the call is larger than the service takes. */
    INPUT_TOO_LARGE(Answer.NOT_FOUND),
    /** The caller has too little credit. */
    PAYMENT_REQUIRED(Answer.PAYMENT_REQUIRED),
    /** An entry of the ledger, or a receipt, is of no kind that is known. */
    RECEIPT_MALFORMED(Answer.UNAVAILABLE),
    /** The hop's signature is not that of the node it names, or it is about another message: nothing is earned. */
    RECEIPT_FORGED(Answer.NOT_FOUND),
    /** The hop is of a wallet that is no listed node: nothing is earned. */
    RECEIPT_FOREIGN(Answer.NOT_FOUND),
    /** The hop is not of these minutes: nothing is earned. */
    RECEIPT_STALE(Answer.NOT_FOUND),
    /** The hop was counted already: nothing is earned again. */
    RECEIPT_REPLAYED(Answer.NOT_FOUND),
    /** The hop is of the very node, or wallet, that would pay for it: nothing is earned. */
    RECEIPT_SELF_MADE(Answer.NOT_FOUND),
    /** The voucher is for another payee. */
    VOUCHER_FOREIGN(Answer.NOT_FOUND),
    /** The voucher's signature is not its payer's, for this chain and this contract. */
    VOUCHER_FORGED(Answer.NOT_FOUND),
    /** The voucher promises no more than an earlier one. */
    VOUCHER_DECREASING(Answer.NOT_FOUND),
    /** The voucher promises more than the channel holds. */
    VOUCHER_UNCOVERED(Answer.PAYMENT_REQUIRED),
    /** There is no settlement contract, or its chain cannot be asked now. */
    SETTLEMENT_UNAVAILABLE(Answer.UNAVAILABLE),
    /** As many wallets have accounts here as may. */
    ACCOUNTS_FULL(Answer.UNAVAILABLE),
    /** The command is for the owner of the node. */
    OWNER_ONLY(Answer.NOT_FOUND),
    /** The call used all the fuel that one call may. */
    FUEL_SPENT(Answer.UNAVAILABLE),
    /** The call did not end in its time. */
    DEADLINE_PASSED(Answer.UNAVAILABLE),
    /** The guest recursed deeper than its stack. */
    STACK_EXHAUSTED(Answer.UNAVAILABLE),
    /** The guest wrote more than one answer may have. */
    OUTPUT_TOO_LARGE(Answer.UNAVAILABLE),
    /** The guest trapped: unreachable, out of bounds, division by zero and so on. */
    GUEST_TRAPPED(Answer.UNAVAILABLE),
    /** The guest ended with a code that is not zero. */
    GUEST_FAILED(Answer.UNAVAILABLE),
    /** The service sent more than it may in an hour. */
    EGRESS_SPENT(Answer.UNAVAILABLE),

    /** The host or port to connect to cannot be read. */
    TARGET_MALFORMED(Answer.NOT_FOUND),
    /** The name of the host cannot be resolved. */
    TARGET_UNRESOLVED(Answer.CLOSE),
    /** The target is not a public address, or a port that the policy does not allow. */
    TARGET_FORBIDDEN(Answer.CLOSE),
    /** The target does not accept the connection. */
    TARGET_UNREACHABLE(Answer.CLOSE),
    /** The other half of a two-legged connection did not come, or came twice. */
    PAIRING_FAILED(Answer.NOT_FOUND),
    /** More connections to targets are open than may be, for the node or for the wallet. */
    TUNNELS_FULL(Answer.UNAVAILABLE),
    /** The node is stopping. */
    STOPPING(Answer.UNAVAILABLE),
    /** A fault of our own. The operator finds it in the log; the peer learns nothing. */
    INTERNAL(Answer.UNAVAILABLE);

    /** What the peer sees. Section 2.4: never an exception text. */
    public enum Answer {
        /** {@code 404}, the page that every web server shows. */
        NOT_FOUND,
        /** {@code 402}, a page of the same kind. */
        PAYMENT_REQUIRED,
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
