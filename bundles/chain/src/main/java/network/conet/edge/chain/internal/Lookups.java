package network.conet.edge.chain.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Clock;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * What is remembered of users, and the questions that wait for the chain. Asked by any thread, never waiting;
 * questions are answered, and changes are noted, on the worker's thread only, so that no change can fall between a
 * question and its answer.
 *
 * <p>A remembered answer is fresh, or stale: something was missed that may have changed it. A stale answer is asked
 * for again at its next use, and still given when the chain does not answer.
 */
final class Lookups {
    private final Clock clock;
    private final Runnable wake;
    private final Object lock = new Object();
    private final RouteCache routes = new RouteCache(ChainLimits.ROUTES_MAX);
    private final Map<WalletAddress, KnownUser> users = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WalletAddress, KnownUser> eldest) {
            return size() > ChainLimits.USERS_MAX;
        }
    };
    private final Misses<KeyId> unknownKeys = new Misses<>();
    private final Misses<WalletAddress> unknownWallets = new Misses<>();
    private final Map<KeyId, CompletableFuture<Optional<KeyId>>> routeQuestions = new LinkedHashMap<>();
    private final Map<WalletAddress, CompletableFuture<Optional<UserEntry>>> userQuestions = new LinkedHashMap<>();
    private RefuseReason closedBy = RefuseReason.ROUTES_UNAVAILABLE;

    private record KnownUser(UserEntry entry, boolean stale) {}

    /**
     * @param clock ages what is not there
     * @param wake called, without waiting, when there is a new question
     */
    Lookups(Clock clock, Runnable wake) {
        this.clock = clock;
        this.wake = wake;
    }

    CompletionStage<Optional<KeyId>> route(KeyId key) {
        synchronized (lock) {
            RouteCache.Route known = routes.get(key);
            if (known != null && (!known.stale() || closedBy != null)) {
                return CompletableFuture.completedStage(Optional.of(known.mailboxNode()));
            }
            if (known == null && unknownKeys.contains(key, clock.monotonicNanos())) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            CompletableFuture<Optional<KeyId>> asked = routeQuestions.get(key);
            if (asked != null) {
                return asked.minimalCompletionStage();
            }
            if (closedBy == null && routeQuestions.size() < ChainLimits.QUESTIONS_MAX) {
                asked = new CompletableFuture<>();
                routeQuestions.put(key, asked);
            } else {
                return known != null
                        ? CompletableFuture.completedStage(Optional.of(known.mailboxNode()))
                        : refused(closedBy);
            }
            wake.run();
            return asked.minimalCompletionStage();
        }
    }

    Optional<WalletAddress> walletOf(KeyId key) {
        synchronized (lock) {
            return Optional.ofNullable(routes.walletOf(key));
        }
    }

    CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        synchronized (lock) {
            KnownUser known = users.get(wallet);
            if (known != null && (!known.stale() || closedBy != null)) {
                return CompletableFuture.completedStage(Optional.of(known.entry()));
            }
            if (known == null && unknownWallets.contains(wallet, clock.monotonicNanos())) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            CompletableFuture<Optional<UserEntry>> asked = userQuestions.get(wallet);
            if (asked != null) {
                return asked.minimalCompletionStage();
            }
            if (closedBy == null && userQuestions.size() < ChainLimits.QUESTIONS_MAX) {
                asked = new CompletableFuture<>();
                userQuestions.put(wallet, asked);
            } else {
                return known != null
                        ? CompletableFuture.completedStage(Optional.of(known.entry()))
                        : refused(closedBy);
            }
            wake.run();
            return asked.minimalCompletionStage();
        }
    }

    private static <T> CompletionStage<T> refused(RefuseReason reason) {
        return CompletableFuture.failedStage(
                new RefusedException(reason == null ? RefuseReason.ROUTES_UNAVAILABLE : reason));
    }

    boolean hasQuestions() {
        synchronized (lock) {
            return !routeQuestions.isEmpty() || !userQuestions.isEmpty();
        }
    }

    /** Questions are taken from now on, unless the node is stopping. */
    void open() {
        synchronized (lock) {
            closedBy = closedBy == RefuseReason.STOPPING ? closedBy : null;
        }
    }

    /** The chain cannot be asked: what waits gets what is remembered, or is refused; so does what comes. */
    void close(RefuseReason reason) {
        Map<KeyId, CompletableFuture<Optional<KeyId>>> waitingRoutes;
        Map<WalletAddress, CompletableFuture<Optional<UserEntry>>> waitingUsers;
        synchronized (lock) {
            closedBy = closedBy == RefuseReason.STOPPING ? closedBy : reason;
            waitingRoutes = new LinkedHashMap<>(routeQuestions);
            waitingUsers = new LinkedHashMap<>(userQuestions);
            routeQuestions.clear();
            userQuestions.clear();
        }
        waitingRoutes.forEach((key, question) -> giveUp(question, rememberedRoute(key), reason));
        waitingUsers.forEach((wallet, question) -> giveUp(question, rememberedUser(wallet), reason));
    }

    /** Answers some of the questions. On the worker's thread. */
    void answerSome(RoutingContracts contracts) throws IOException {
        answerRoutes(contracts);
        answerUsers(contracts);
    }

    private void answerRoutes(RoutingContracts contracts) throws IOException {
        List<KeyId> keys = first(routeQuestions, ChainLimits.QUESTIONS_PER_REQUEST);
        if (keys.isEmpty()) {
            return;
        }
        List<RoutingContracts.Lookup<RoutingContracts.KeyRoute>> answers;
        try {
            answers = contracts.routes(keys);
        } catch (RpcException answered) {
            answers = keys.stream()
                    .map(key -> new RoutingContracts.Lookup<RoutingContracts.KeyRoute>(null, answered)).toList();
        }
        for (int i = 0; i < keys.size(); i++) {
            finishRoute(keys.get(i), answers.get(i).value());
        }
    }

    private void finishRoute(KeyId key, RoutingContracts.KeyRoute answer) {
        CompletableFuture<Optional<KeyId>> question;
        synchronized (lock) {
            question = routeQuestions.remove(key);
            if (answer != null) {
                remember(key, answer);
            }
        }
        if (question == null) {
            return;
        }
        if (answer == null) {
            giveUp(question, rememberedRoute(key), RefuseReason.ROUTES_UNAVAILABLE);
        } else {
            question.complete(answer.mailboxNode());
        }
    }

    private void remember(KeyId key, RoutingContracts.KeyRoute answer) {
        if (answer.mailboxNode().isEmpty()) {
            routes.remove(key);
            unknownKeys.add(key, clock.monotonicNanos());
        } else if (answer.wallet().isPresent()) {
            unknownKeys.remove(key);
            routes.put(key, answer.mailboxNode().get(), answer.wallet().get());
        } else {
            // A route without its wallet could never be forgotten again: no event would name it.
            routes.remove(key);
        }
    }

    private void answerUsers(RoutingContracts contracts) throws IOException {
        for (WalletAddress wallet : first(userQuestions, ChainLimits.USERS_PER_TURN)) {
            Optional<UserEntry> answer = null;
            try {
                answer = contracts.userByWallet(wallet);
            } catch (RpcException answered) {
                // This user's entry cannot be read; others can.
                finishUser(wallet, null);
                continue;
            }
            finishUser(wallet, answer);
        }
    }

    private void finishUser(WalletAddress wallet, Optional<UserEntry> answer) {
        CompletableFuture<Optional<UserEntry>> question;
        synchronized (lock) {
            question = userQuestions.remove(wallet);
            if (answer != null && answer.isPresent()) {
                users.put(wallet, new KnownUser(answer.get(), false));
                unknownWallets.remove(wallet);
            } else if (answer != null) {
                users.remove(wallet);
                unknownWallets.add(wallet, clock.monotonicNanos());
            }
        }
        if (question == null) {
            return;
        }
        if (answer == null) {
            giveUp(question, rememberedUser(wallet), RefuseReason.ROUTES_UNAVAILABLE);
        } else {
            question.complete(answer);
        }
    }

    /** A log names this user: forget, or at its repetition ask again. On the worker's thread. */
    void userChanged(WalletAddress wallet, Optional<KeyId> keyId, boolean forget) {
        synchronized (lock) {
            routes.ofWallet(wallet, forget);
            if (forget) {
                users.remove(wallet);
                keyId.ifPresent(routes::remove);
                // A key that had no route may be this wallet's; which one it was is not remembered.
                unknownKeys.clear();
            } else {
                users.computeIfPresent(wallet, (w, known) -> new KnownUser(known.entry(), true));
                keyId.ifPresent(routes::markStale);
            }
            unknownWallets.remove(wallet);
        }
    }

    /** A node left the registry: no route leads there any more. On the worker's thread. */
    void nodeRemoved(KeyId node, boolean forget) {
        synchronized (lock) {
            routes.toNode(node, forget);
            users.replaceAll((wallet, known) -> known.entry().mailboxNode().filter(node::equals).isPresent()
                    ? new KnownUser(known.entry(), true) : known);
        }
    }

    /** Changes were missed. On the worker's thread. */
    void markAllStale() {
        synchronized (lock) {
            routes.markAllStale();
            users.replaceAll((wallet, known) -> new KnownUser(known.entry(), true));
            unknownKeys.clear();
            unknownWallets.clear();
        }
    }

    private Optional<KeyId> rememberedRoute(KeyId key) {
        synchronized (lock) {
            return Optional.ofNullable(routes.get(key)).map(RouteCache.Route::mailboxNode);
        }
    }

    private Optional<UserEntry> rememberedUser(WalletAddress wallet) {
        synchronized (lock) {
            return Optional.ofNullable(users.get(wallet)).map(KnownUser::entry);
        }
    }

    private static <T> void giveUp(
            CompletableFuture<Optional<T>> question, Optional<T> remembered, RefuseReason reason) {
        if (remembered.isPresent()) {
            question.complete(remembered);
        } else {
            question.completeExceptionally(new RefusedException(reason));
        }
    }

    private <K> List<K> first(Map<K, ?> questions, int max) {
        synchronized (lock) {
            List<K> keys = new ArrayList<>(Math.min(max, questions.size()));
            for (K key : questions.keySet()) {
                if (keys.size() == max) {
                    break;
                }
                keys.add(key);
            }
            return keys;
        }
    }
}
