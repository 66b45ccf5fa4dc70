package network.conet.edge.api;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * Who keeps whose mailbox. Answers are remembered, forgotten when the table changes, and served from memory
 * while the table cannot be reached. Safe for use by many threads; never blocks: a stage that is not yet
 * complete completes on the table's own thread.
 */
public interface RouteTable {
    /**
     * The node that keeps the mailbox of a user key.
     *
     * @return empty when the table knows no such key or no route for it; fails with
     *     {@code RefusedException(ROUTES_UNAVAILABLE)} when the table cannot be asked and nothing is remembered
     */
    CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId);

    /** The wallet of a user key, as far as that is remembered since its mailbox node was asked for. */
    Optional<WalletAddress> walletOf(KeyId userKeyId);

    /** What is known of a user; fails as {@link #mailboxNodeOf}. */
    CompletionStage<Optional<UserEntry>> user(WalletAddress wallet);
}
