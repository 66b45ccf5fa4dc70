package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** Says that an input is refused, and why. */
final class Refusals {
    private Refusals() {}

    static void assertRefused(RefuseReason reason, Executable action) {
        assertEquals(reason, assertThrows(RefusedException.class, action).reason());
    }
}
