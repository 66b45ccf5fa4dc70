package network.conet.edge.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.KeyProofs;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.TypedData;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.CommandCodec;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationCodec;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyReader;
import network.conet.edge.protocol.WalletAddress;

/**
 * One identity on the network. Every message and command goes through an entry node that is not the node it is for,
 * as long as there are two nodes, so that no node sees both who asks and what for. Blocks; safe for use by many
 * threads.
 */
public final class ConetClient {
    private static final Duration POST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SIGNATURE_VALIDITY = Duration.ofMinutes(10);
    private static final int ENTRIES_TRIED_MAX = 4;

    private final Identity identity;
    private final Directory directory;
    private final Clock clock;
    private final SecureRandom random;
    private final NodePost post = new NodePost();
    private final WalletSignatures signatures = new WalletSignatures();

    /**
     * @param identity who we are
     * @param directory the network
     * @param clock the time
     * @param random for keys of messages and the choice of entries
     */
    public ConetClient(Identity identity, Directory directory, Clock clock, SecureRandom random) {
        this.identity = identity;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
    }

    /** Who we are. */
    public Identity identity() {
        return identity;
    }

    /** The network. */
    public Directory directory() {
        return directory;
    }

    /**
     * Registers our key with a mailbox node, which submits it to the chain; when the key is registered already, only
     * moves the mailbox.
     *
     * @param mailboxNode the node that shall keep our mail
     * @return hash of the transaction
     */
    public Hash256 register(NodeEntry mailboxNode) throws ClientException, InterruptedException {
        WalletAddress wallet = identity.wallet().address();
        boolean isKnown = directory.user(wallet)
                .filter(user -> user.keyId().equals(identity.pgp().keyId()))
                .isPresent();
        RegistrationRequest request = isKnown ? routeRequest(mailboxNode) : keyRequest(mailboxNode);
        JsonValue answer = command(mailboxNode, RegistrationCodec.encode(request, clock.epochSeconds()));
        return answer.string("transaction")
                .flatMap(Hash256::parse)
                .orElseThrow(() -> refused("the mailbox node did not register us", answer));
    }

    private RegistrationRequest keyRequest(NodeEntry mailboxNode) throws ClientException {
        WalletAddress wallet = identity.wallet().address();
        long deadline = clock.epochSeconds() + SIGNATURE_VALIDITY.toSeconds();
        String publicKey = Base64.getEncoder()
                .encodeToString(identity.pgp().publicKey().armored().getBytes(StandardCharsets.UTF_8));
        KeyId keyId = identity.pgp().keyId();
        KeyProof proof =
                KeyProofs.make(identity.pgp(), directory.chainId(), directory.routingTable(), wallet, random);
        Hash256 digest = TypedData.digest(domain(), new TypedData.AddPublicPgp(
                wallet, keyId, publicKey, "", Optional.of(mailboxNode.keyId()), directory.keyNonce(wallet), deadline));
        return new RegistrationRequest(wallet, Optional.of(new RegistrationRequest.Key(keyId, publicKey, "", proof)),
                mailboxNode.keyId(), deadline, identity.wallet().signDigest(digest));
    }

    private RegistrationRequest routeRequest(NodeEntry mailboxNode) throws ClientException {
        WalletAddress wallet = identity.wallet().address();
        long deadline = clock.epochSeconds() + SIGNATURE_VALIDITY.toSeconds();
        Hash256 digest = TypedData.digest(domain(), new TypedData.SetRoute(
                wallet, Optional.of(mailboxNode.keyId()), directory.routeNonce(wallet), deadline));
        return new RegistrationRequest(
                wallet, Optional.empty(), mailboxNode.keyId(), deadline, identity.wallet().signDigest(digest));
    }

    private TypedData.Domain domain() throws ClientException {
        return TypedData.Domain.addressPgp(directory.chainId(), directory.routingTable());
    }

    /**
     * Sends a text to a wallet.
     *
     * @return hash of the sealed message, by which its delivery is acknowledged; when this method returns, the
     *     recipient's mailbox node keeps the message durably
     */
    public Hash256 send(WalletAddress to, String text) throws ClientException, InterruptedException {
        UserEntry user = directory.user(to).orElseThrow(() -> new ClientException(Kind.REFUSED,
                to.toChecksumString(signatures) + " is not registered on this network"));
        return sendSealed(user, ChatMessage.encode(identity.wallet(), text, clock.epochMillis()));
    }

    /**
     * Sends bytes to a wallet as mail: sealed to it, and what comes of that sealed to its mailbox node, so that the
     * entry sees neither who it is for nor the same bytes as the mailbox node.
     *
     * @param user who gets it, as the directory knows it
     * @return as {@link #send}
     */
    public Hash256 sendSealed(UserEntry user, byte[] plaintext) throws ClientException, InterruptedException {
        NodeEntry keeper = mailboxNodeOf(user);
        Envelope mail = seal(user.publicKeyArmored(), user.keyId(), plaintext).cut();
        Envelope work = seal(keeper.publicKeyArmored(), keeper.keyId(),
                Plaintext.encode(new Plaintext.MailboxWork(mail, false)));
        NodePost.Answer answer = postThroughEntries(work, keeper.keyId());
        if (!answer.isOk()) {
            throw new ClientException(Kind.REFUSED, "the network refused the message: " + explain(answer.status()));
        }
        return signatures.hash(mail.armor());
    }

    /** Whether a wallet listens to its mail at this moment. */
    public boolean isOnline(WalletAddress target) throws ClientException, InterruptedException {
        UserEntry user = directory.user(target).orElseThrow(() -> new ClientException(Kind.REFUSED,
                target.toChecksumString(signatures) + " is not registered on this network"));
        NodeEntry keeper = mailboxNodeOf(user);
        String message = JsonValue.object()
                .put("command", CommandCodec.ONLINE_QUERY)
                .put("walletAddress", identity.wallet().address().toString())
                .put("targetWallet", target.toString())
                .put("timestamp", clock.epochSeconds())
                .put("Securitykey", nonce())
                .build()
                .toString();
        JsonValue answer = command(keeper, message);
        if (answer.member("ok").filter(JsonValue.Literal.TRUE::equals).isEmpty()) {
            throw refused("the mailbox node does not say", answer);
        }
        return answer.member("online").filter(JsonValue.Literal.TRUE::equals).isPresent();
    }

    /** Says that a message of ours arrived. Doing it twice does no harm. */
    public void acknowledge(Hash256 armorHash) throws ClientException, InterruptedException {
        String message = JsonValue.object()
                .put("command", CommandCodec.DELIVERY_ACK)
                .put("walletAddress", identity.wallet().address().toString())
                .put("armorHash", armorHash.toString())
                .put("timestamp", clock.epochSeconds())
                .build()
                .toString();
        JsonValue answer = command(ownMailboxNode(), message);
        if (answer.member("ok").filter(JsonValue.Literal.TRUE::equals).isEmpty()) {
            throw refused("the mailbox node did not take the acknowledgement", answer);
        }
    }

    /** Begins to listen to our mail. The stream is open, but nothing of it was read. */
    MailStream openMail() throws ClientException, InterruptedException {
        NodeEntry keeper = ownMailboxNode();
        ReplyKey key = newReplyKey();
        String message = JsonValue.object()
                .put("command", CommandCodec.MINING)
                .put("listenKind", "chat")
                .put("walletAddress", identity.wallet().address().toString())
                .put("timestamp", clock.epochSeconds())
                .put("Securitykey", nonce())
                .put("replyKey", key.base64())
                .build()
                .toString();
        Envelope envelope = seal(keeper.publicKeyArmored(), keeper.keyId(), signed(message));
        try {
            return MailStream.of(openThroughEntries(envelope, keeper.keyId()), identity, key);
        } catch (IOException failed) {
            throw unreachable(failed);
        }
    }

    /** Posts through the first entry that can be reached; its answer may come for long. */
    private HttpResponse<InputStream> openThroughEntries(Envelope envelope, KeyId target)
            throws ClientException, InterruptedException {
        ClientException last = null;
        for (NodeEntry entry : entriesFor(target)) {
            try {
                return post.open(entry.endpoint(), envelope, POST_TIMEOUT);
            } catch (IOException failed) {
                last = unreachable(failed);
            }
        }
        throw last;
    }

    /**
     * Asks a node something that it answers sealed (docs/protocol/services.md). The command is signed and runs at most
     * once, however often it is posted; when the answer breaks off, it may have run.
     *
     * @param command the whole command, with the reply key and a timestamp in it
     * @param replyKey the key in it
     * @param out takes the data of the reply as it comes, piece by piece, each proven genuine
     * @return the outcome
     */
    JsonValue ask(NodeEntry node, String command, ReplyKey replyKey, OutputStream out)
            throws ClientException, InterruptedException {
        Envelope envelope = sealed(node, command);
        HttpResponse<InputStream> answer = openThroughEntries(envelope, node.keyId());
        try (InputStream in = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new ClientException(Kind.REFUSED,
                        "the node refused the command: " + explain(answer.statusCode()));
            }
            return new ReplyReader(replyKey, in).readTo(out);
        } catch (IOException broken) {
            throw new ClientException(Kind.UNREACHABLE,
                    "the answer broke off, the command may have run: " + broken.getMessage(), broken);
        }
    }

    /** A fresh key for one reply. */
    ReplyKey newReplyKey() {
        byte[] bytes = new byte[ReplyKey.BYTES];
        random.nextBytes(bytes);
        return ReplyKey.of(bytes);
    }

    /** Now, for commands. */
    long epochSeconds() {
        return clock.epochSeconds();
    }

    /** The node of a wallet, or our own mailbox node. */
    public NodeEntry node(Optional<WalletAddress> wallet) throws ClientException {
        if (wallet.isEmpty()) {
            return ownMailboxNode();
        }
        return directory.nodes().stream().filter(node -> node.wallet().equals(wallet.get())).findFirst().orElseThrow(
                () -> new ClientException(Kind.REFUSED,
                        wallet.get().toChecksumString(signatures) + " is not in the list of nodes"));
    }

    private NodeEntry ownMailboxNode() throws ClientException {
        UserEntry self = directory.user(identity.wallet().address()).orElseThrow(
                () -> new ClientException(Kind.REFUSED, "this wallet is not registered; run: conet register"));
        return mailboxNodeOf(self);
    }

    private NodeEntry mailboxNodeOf(UserEntry user) throws ClientException {
        KeyId id = user.mailboxNode().orElseThrow(() -> new ClientException(Kind.REFUSED,
                user.wallet().toChecksumString(signatures) + " has no mailbox node"));
        return directory.nodes().stream().filter(node -> node.keyId().equals(id)).findFirst().orElseThrow(
                () -> new ClientException(Kind.REFUSED, "mailbox node " + id + " is not in the list of nodes"));
    }

    /**
     * Seals a signed command to a node, posts it through another, reads the JSON answer. It comes sealed too, so that
     * the entry does not learn of whom it speaks; from nodes of other makes it comes in the open.
     */
    JsonValue command(NodeEntry node, String message) throws ClientException, InterruptedException {
        ReplyKey key = newReplyKey();
        Envelope envelope = sealed(node, withReplyKey(message, key));
        NodePost.Answer answer = postThroughEntries(envelope, node.keyId());
        if (!answer.isOk()) {
            throw new ClientException(Kind.REFUSED, "the node refused the command: " + explain(answer.status()));
        }
        try {
            JsonValue json = JsonValue.parse(answer.body());
            Optional<String> sealed = json.string("reply");
            return sealed.isPresent() ? opened(sealed.get(), key) : json;
        } catch (JsonException notJson) {
            throw new ClientException(Kind.REFUSED, "the node answered something that is not JSON");
        }
    }

    private static String withReplyKey(String message, ReplyKey key) {
        try {
            JsonValue.Builder json = JsonValue.object();
            ((JsonValue.Obj) JsonValue.parse(message)).members().forEach(json::put);
            return json.put("replyKey", key.base64()).build().toString();
        } catch (JsonException broken) {
            throw new AssertionError("our own command is no JSON", broken);
        }
    }

    private static JsonValue opened(String base64, ReplyKey key) throws JsonException, ClientException {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            new ReplyReader(key, new ByteArrayInputStream(Base64.getDecoder().decode(base64))).readTo(body);
            return JsonValue.parse(body.toByteArray());
        } catch (IllegalArgumentException | IOException forged) {
            throw new ClientException(Kind.REFUSED, "the answer is not the node's: " + forged.getMessage());
        }
    }

    /** A command of ours, signed and sealed to a node. */
    Envelope sealed(NodeEntry node, String command) throws ClientException {
        return seal(node.publicKeyArmored(), node.keyId(), signed(command));
    }

    private byte[] signed(String message) {
        return Plaintext.encode(new Plaintext.Signed(
                message, identity.wallet().signPersonal(message.getBytes(StandardCharsets.UTF_8))));
    }

    /** A directory that gives another key than the one it names could read the mail; the key id is checked. */
    private Envelope seal(String publicKeyArmored, KeyId expected, byte[] plaintext) throws ClientException {
        try {
            PgpPublicKey key = PgpPublicKey.parse(publicKeyArmored);
            if (!key.keyId().equals(expected)) {
                throw new ClientException(Kind.REFUSED, "the directory gives a key that is not " + expected);
            }
            return Envelope.of(key.encrypt(plaintext, random));
        } catch (RefusedException unusable) {
            throw new ClientException(Kind.REFUSED, "cannot seal to " + expected + ": " + unusable.reason().label());
        }
    }

    /** Tries entries until one answers below 500; a node that is down or busy is no answer. */
    private NodePost.Answer postThroughEntries(Envelope envelope, KeyId target)
            throws ClientException, InterruptedException {
        NodePost.Answer busy = null;
        ClientException last = null;
        for (NodeEntry entry : entriesFor(target)) {
            try {
                NodePost.Answer answer = post.post(entry.endpoint(), envelope, POST_TIMEOUT);
                if (answer.isOk()) {
                    return answer;
                }
                busy = answer;
            } catch (IOException failed) {
                last = unreachable(failed);
            }
        }
        if (busy != null) {
            return busy;
        }
        throw last;
    }

    /** Entries to try, in a random order, none of them the target while there is another. */
    List<NodeEntry> entriesFor(KeyId target) throws ClientException {
        List<NodeEntry> nodes = directory.nodes();
        if (nodes.isEmpty()) {
            throw new ClientException(Kind.UNREACHABLE, "the network has no nodes");
        }
        List<NodeEntry> entries = new ArrayList<>(nodes.stream().filter(node -> !node.keyId().equals(target)).toList());
        if (entries.isEmpty()) {
            return nodes;
        }
        Collections.shuffle(entries, random);
        return entries.subList(0, Math.min(ENTRIES_TRIED_MAX, entries.size()));
    }

    /** Random text, so that two equal commands differ. */
    public String nonce() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static ClientException unreachable(IOException failed) {
        return new ClientException(Kind.UNREACHABLE, "no entry node can be reached: " + failed.getMessage(), failed);
    }

    private static ClientException refused(String what, JsonValue answer) {
        return new ClientException(Kind.REFUSED, what + ": " + answer.string("error").orElse(answer.toString()));
    }

    private static String explain(int status) {
        return switch (status) {
            case 402 -> "402, the recipient's mailbox has no credit left";
            case 404 -> "404, no route to the recipient, or not accepted";
            case 503 -> "503, busy or its surroundings fail; try again later";
            case 507 -> "507, the mailbox is full";
            default -> Integer.toString(status);
        };
    }
}
