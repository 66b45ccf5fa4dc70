package network.conet.edge.services.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private static final long DAY_MILLIS = 24L * 3_600_000;

    private final SettableClock clock = new SettableClock(20_000 * DAY_MILLIS);

    private Quotas quotas(int tunnels, int perWallet, long bytes, long perWalletBytes) {
        return new Quotas(new ProxySettings(tunnels, perWallet, bytes, perWalletBytes, true), clock);
    }

    private static WalletAddress wallet(int number) {
        String hex = HexFormat.of().toHexDigits(number);
        return WalletAddress.parse("0x" + "0".repeat(40 - hex.length()) + hex, input -> Hash256.of(new byte[32]))
                .orElseThrow();
    }

    private static RefuseReason refused(Quotas quotas, int wallet) {
        return assertThrows(RefusedException.class, () -> quotas.open(wallet(wallet))).reason();
    }

    @Test
    void opensAsManyAsTheWalletMayAndAsTheNodeMay() throws RefusedException {
        Quotas quotas = quotas(3, 2, 100, 100);
        quotas.open(wallet(1));
        quotas.open(wallet(1));
        assertEquals(RefuseReason.TUNNELS_FULL, refused(quotas, 1));
        quotas.open(wallet(2));
        assertEquals(RefuseReason.TUNNELS_FULL, refused(quotas, 2));
        quotas.close(wallet(1));
        quotas.open(wallet(2));
        assertEquals(RefuseReason.TUNNELS_FULL, refused(quotas, 3));
    }

    @Test
    void givesTheBytesOfTheDayAndNotOneMore() throws RefusedException {
        Quotas quotas = quotas(9, 9, 15, 10);
        quotas.open(wallet(1));
        quotas.open(wallet(2));
        assertEquals(9, quotas.take(wallet(1), 9));
        assertEquals(1, quotas.take(wallet(1), 2));
        assertEquals(0, quotas.take(wallet(1), 1));
        assertEquals(RefuseReason.EGRESS_SPENT, refused(quotas, 1));
        assertEquals(5, quotas.take(wallet(2), 6));
        assertEquals(RefuseReason.EGRESS_SPENT, refused(quotas, 3));
        clock.advanceMillis(DAY_MILLIS - 1);
        assertEquals(0, quotas.take(wallet(1), 1));
        clock.advanceMillis(1);
        assertEquals(10, quotas.take(wallet(1), 11));
        quotas.open(wallet(3));
    }

    @Test
    void remembersWhatAWalletMovedWhenItsTunnelsAreClosed() throws RefusedException {
        Quotas quotas = quotas(9, 9, 100, 10);
        quotas.open(wallet(1));
        quotas.take(wallet(1), 10);
        quotas.close(wallet(1));
        assertEquals(0, quotas.openTunnels());
        assertEquals(RefuseReason.EGRESS_SPENT, refused(quotas, 1));
        assertEquals(0, quotas.take(wallet(7), 1), "nobody's tunnel");
    }

    @Test
    void forgetsWalletsWithoutTunnelsBeforeItRefusesOthers() throws RefusedException {
        Quotas quotas = quotas(2 * ProxyLimits.WALLETS_MAX, 1, 1 << 30, 1);
        for (int i = 1; i <= ProxyLimits.WALLETS_MAX; i++) {
            quotas.open(wallet(i));
            quotas.take(wallet(i), 1);
        }
        int next = ProxyLimits.WALLETS_MAX + 1;
        assertEquals(RefuseReason.TUNNELS_FULL, refused(quotas, next));
        quotas.close(wallet(5));
        assertEquals(RefuseReason.EGRESS_SPENT, refused(quotas, 5));
        quotas.open(wallet(next));
        assertEquals(ProxyLimits.WALLETS_MAX, quotas.openTunnels());
    }
}
