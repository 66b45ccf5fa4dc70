package network.conet.edge.services.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Waits for what others finish, on threads that may wait. */
final class Waiting {
    private Waiting() {}

    /**
     * @throws RefusedException what the stage failed with; DEADLINE_PASSED when the thread is interrupted, which is
     *     kept; STORAGE_FAILED when nothing comes for very long
     */
    static <T> T on(CompletionStage<T> stage) throws RefusedException {
        try {
            return stage.toCompletableFuture().get(ServicesLimits.STORAGE_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RefusedException(RefuseReason.DEADLINE_PASSED);
        } catch (TimeoutException slow) {
            throw new RefusedException(RefuseReason.STORAGE_FAILED);
        } catch (ExecutionException failed) {
            throw refusal(failed.getCause());
        }
    }

    /** A stage that failed already. */
    static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }

    static RefusedException refusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause() : failure;
        if (cause instanceof RefusedException refused) {
            return refused;
        }
        throw new IllegalStateException("a stage failed with something else than a refusal", cause);
    }
}
