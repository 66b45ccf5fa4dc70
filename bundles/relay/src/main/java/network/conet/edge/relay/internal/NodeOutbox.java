package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.MessagePost;
import network.conet.edge.api.NodeCommands;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Outbox;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.ChatText;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * Mail of the node's own: into a mailbox that is kept here, or posted to the node that keeps it. Safe for use by many
 * threads; never waits.
 */
final class NodeOutbox implements Outbox, NodeCommands {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int INSUFFICIENT_STORAGE = 507;

    private final RelayParts parts;
    private final MessagePost posts;
    private final Consumer<KeyId> stored;
    private final AtomicInteger underWay = new AtomicInteger();

    /** @param stored told of each mailbox here that got a message */
    NodeOutbox(RelayParts parts, MessagePost posts, Consumer<KeyId> stored) {
        this.parts = parts;
        this.posts = posts;
        this.stored = stored;
    }

    @Override
    public CompletionStage<Void> send(WalletAddress to, byte[] text) {
        if (text.length > RelayLimits.OUTBOX_TEXT_BYTES_MAX) {
            return failed(RefuseReason.ARMOR_TOO_LARGE);
        }
        if (underWay.incrementAndGet() > RelayLimits.OUTBOX_MESSAGES_MAX) {
            underWay.decrementAndGet();
            return failed(RefuseReason.MEMORY_FULL);
        }
        return parts.routes().user(to)
                .thenCompose(user -> user.isPresent() ? send(user.get(), text) : failed(RefuseReason.ROUTE_UNKNOWN))
                .whenComplete((done, failure) -> underWay.decrementAndGet());
    }

    private CompletionStage<Void> send(UserEntry user, byte[] bytes) {
        if (user.mailboxNode().isEmpty()) {
            return failed(RefuseReason.ROUTE_UNKNOWN);
        }
        KeyId keeper = user.mailboxNode().get();
        String text = new String(bytes, StandardCharsets.UTF_8);
        WalletSignature signature = parts.keys().signPersonal(text.getBytes(StandardCharsets.UTF_8));
        byte[] plaintext = ChatText.encode(parts.keys().wallet(), text, signature, parts.clock().epochMillis());
        if (plaintext.length > ProtocolLimits.ARMOR_BYTES_MAX) {
            // Control characters, which JSON writes with six.
            return failed(RefuseReason.ARMOR_TOO_LARGE);
        }
        return parts.keys().seal(user.publicKeyArmored(), plaintext)
                .thenCompose(armor -> hand(armor, user.keyId(), keeper));
    }

    @Override
    public CompletionStage<Void> send(WalletAddress wallet, String command) {
        NodeEntry node = parts.directory().nodeOfWallet(wallet).orElse(null);
        if (node == null) {
            return failed(RefuseReason.ROUTE_UNKNOWN);
        }
        WalletSignature signature = parts.keys().signPersonal(command.getBytes(StandardCharsets.UTF_8));
        byte[] plaintext = Plaintext.encode(new Plaintext.Signed(command, signature));
        return parts.keys().seal(node.publicKeyArmored(), plaintext).thenCompose(armor -> {
            try {
                Envelope envelope = Envelope.of(armor);
                return envelope.keyId().equals(node.keyId())
                        ? posts.post(node, EnvelopeBody.encode(envelope)).thenCompose(NodeOutbox::outcome)
                        : failed(RefuseReason.ROUTE_UNKNOWN);
            } catch (RefusedException tooLarge) {
                return CompletableFuture.failedFuture(tooLarge);
            }
        });
    }

    private CompletionStage<Void> hand(byte[] armor, KeyId userKeyId, KeyId keeper) {
        Envelope envelope;
        try {
            envelope = Envelope.of(armor);
        } catch (RefusedException tooLarge) {
            return CompletableFuture.failedFuture(tooLarge);
        }
        if (!envelope.keyId().equals(userKeyId)) {
            // The table names a key and holds another: nobody could deliver it.
            return failed(RefuseReason.ROUTE_UNKNOWN);
        }
        if (keeper.equals(parts.keys().keyId())) {
            return parts.mailbox()
                    .store(userKeyId, envelope.armorHash(parts.signatures()), armor, MailSource.LOCAL)
                    .thenAccept(receipt -> stored.accept(userKeyId));
        }
        NodeEntry node = parts.directory().node(keeper).orElse(null);
        return node == null ? failed(RefuseReason.ROUTE_UNKNOWN)
                : posts.post(node, EnvelopeBody.encode(envelope)).thenCompose(NodeOutbox::outcome);
    }

    /** What the keeper's answer means; more than this it does not tell. */
    private static CompletionStage<Void> outcome(int status) {
        return switch (status) {
            case OK -> CompletableFuture.completedStage(null);
            case NOT_FOUND -> failed(RefuseReason.ROUTE_UNKNOWN);
            case INSUFFICIENT_STORAGE -> failed(RefuseReason.MAILBOX_FULL);
            default -> failed(RefuseReason.NEXT_NODE_UNREACHABLE);
        };
    }

    private static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }
}
