package network.conet.edge.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ByteAllowanceTest {
    @Test
    void givesWhatThereIsAndNotAByteMore() {
        ByteAllowance allowance = ByteAllowance.of(10);
        assertEquals(4, allowance.take(4));
        assertEquals(6, allowance.take(7));
        assertEquals(0, allowance.take(1));
        assertEquals(Long.MAX_VALUE, ByteAllowance.of(Long.MAX_VALUE).take(Long.MAX_VALUE));
    }
}
