package network.conet.edge.metering.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.pay.PriceList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PriceSignTest {
    private static final PriceList PRICES = new PriceList(1, 2, 3, 4);

    private MeteringBench bench;
    private PriceSign sign;

    @BeforeEach
    void open() throws IOException {
        bench = new MeteringBench();
        sign = new PriceSign(PRICES, () -> Optional.of(bench), bench.clock);
    }

    private void passSeconds(long seconds) {
        bench.clock.advanceMillis(TimeUnit.SECONDS.toMillis(seconds));
    }

    @Test
    void publishesOnce() {
        sign.publishIfDue();
        passSeconds(MeteringLimits.PUBLISH_SECONDS);
        sign.publishIfDue();
        assertEquals(List.of(PRICES), bench.published);
    }

    @Test
    void triesAgainAfterAWhileUntilTheNodeIsListed() {
        bench.isListed = false;
        sign.publishIfDue();
        passSeconds(MeteringLimits.PUBLISH_SECONDS - 1);
        sign.publishIfDue();
        assertEquals(1, bench.published.size());
        bench.isListed = true;
        passSeconds(1);
        sign.publishIfDue();
        assertEquals(2, bench.published.size());
        passSeconds(MeteringLimits.PUBLISH_SECONDS);
        sign.publishIfDue();
        assertEquals(2, bench.published.size());
    }

    @Test
    void triesAgainWhenTheChainCouldNotBeAsked() {
        bench.chainFailure = RefuseReason.SETTLEMENT_UNAVAILABLE;
        sign.publishIfDue();
        bench.chainFailure = null;
        passSeconds(MeteringLimits.PUBLISH_SECONDS);
        sign.publishIfDue();
        assertEquals(2, bench.published.size());
    }
}
