package network.conet.edge.chain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import network.conet.edge.protocol.JsonValue;

/**
 * Asks an Ethereum server (JSON-RPC 2.0, EIP-1474). Waits on the caller's thread. Safe for use by many threads.
 */
@FunctionalInterface
public interface JsonRpc {
    /**
     * Asks one question.
     *
     * @param method for example {@code eth_call}
     * @param params an array
     * @return the member {@code result}
     * @throws RpcException when the server answered, but with an error or with more than allowed
     * @throws IOException when no server gave an answer of the protocol
     */
    JsonValue call(String method, JsonValue params) throws IOException;

    /**
     * Asks several questions, at most {@link ChainLimits#BATCH_MAX}, in as few requests as possible.
     *
     * @return one answer for each question, in their order
     * @throws IOException when no server gave an answer of the protocol; the failure of a single question is in its
     *     answer instead
     */
    default List<Answer> batch(List<Question> questions) throws IOException {
        List<Answer> answers = new ArrayList<>(questions.size());
        for (Question question : questions) {
            try {
                answers.add(new Answer(call(question.method(), question.params()), null));
            } catch (RpcException failed) {
                answers.add(new Answer(null, failed));
            }
        }
        return answers;
    }

    /** Number of the newest block. */
    default long blockNumber() throws IOException {
        return Quantity.readLong(call("eth_blockNumber", JsonValue.array(List.of())));
    }

    /**
     * @param method for example {@code eth_call}
     * @param params an array
     */
    record Question(String method, JsonValue params) {
        /** Refuses missing parts. */
        public Question {
            Objects.requireNonNull(method);
            Objects.requireNonNull(params);
        }
    }

    /** What became of one question of a batch: exactly one part is there. */
    record Answer(JsonValue result, RpcException failure) {
        /** Refuses both and neither. */
        public Answer {
            if ((result == null) == (failure == null)) {
                throw new IllegalArgumentException("either a result or a failure");
            }
        }

        /** The result, or throws the failure. */
        public JsonValue get() throws RpcException {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }
}
