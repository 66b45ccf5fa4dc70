package network.conet.edge.relay.internal;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures mean to the peer: none leaves a request without an answer. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** A step of the work that may refuse. */
    interface Step<T> {
        void take(T value) throws RefusedException;
    }

    /** Goes on when the stage is complete; refuses when it failed, or when going on fails. */
    static <T> void then(CompletionStage<T> stage, Exchange exchange, Step<T> next) {
        stage.thenAccept(value -> {
            try {
                next.take(value);
            } catch (RefusedException refused) {
                exchange.refuse(refused.reason());
            }
        }).whenComplete((done, failure) -> {
            if (failure != null) {
                exchange.refuse(reason(failure));
            }
        });
    }

    /** The reason it carries, or INTERNAL for anything that is no refusal; that one is logged. */
    static RefuseReason reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RefusedException refused) {
            return refused.reason();
        }
        LOG.error("A message could not be handled", cause);
        return RefuseReason.INTERNAL;
    }
}
