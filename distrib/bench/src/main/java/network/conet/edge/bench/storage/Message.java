package network.conet.edge.bench.storage;

import java.util.Arrays;
import java.util.Random;

/**
 * What is stored. Everything follows from the number, so that another process knows it too.
 *
 * @param recipient whose mailbox, from 1
 * @param number of this message in the order of storing, from 1
 * @param body looks like sealed mail to a store: it cannot be compressed
 */
record Message(int recipient, long number, byte[] body) {
    private static final int NAME_BYTES = 32;

    static Message of(int recipient, long number, int bytes) {
        byte[] body = new byte[bytes];
        new Random(number).nextBytes(body);
        return new Message(recipient, number, body);
    }

    /** Stands for its hash: 32 bytes that no other message has. */
    byte[] name() {
        return Arrays.copyOf(body, NAME_BYTES);
    }
}
