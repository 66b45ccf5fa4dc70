package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import network.conet.edge.api.Settlements.Channel;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** Servers of one chain, some of which lie, lag or are away. */
final class ChannelReaderTest {
    private static final int CONFIRMATIONS = 3;
    private static final WalletAddress PAYER = TestKeys.wallet(4).address();
    private static final WalletAddress NODE = TestKeys.wallet(1).address();

    private final SettableClock clock = new SettableClock(1_700_000_000_000L);

    /** What a server says: its newest block, and balances from blocks on. */
    private static final class Server implements JsonRpc {
        private long head;
        private boolean isAway;
        private int asked;
        private final TreeMap<Long, Long> balances = new TreeMap<>();

        Server(long head, long balance) {
            this.head = head;
            balances.put(0L, balance);
        }

        @Override
        public JsonValue call(String method, JsonValue params) throws IOException {
            asked++;
            if (isAway) {
                throw new IOException("away");
            }
            if (method.equals("eth_blockNumber")) {
                return JsonValue.of("0x" + Long.toHexString(head));
            }
            long block = Long.decode(params.elements().get(1).asString().orElseThrow());
            if (block > head) {
                throw new IOException("no such block");
            }
            return JsonValue.of("0x" + String.format("%064x", balances.floorEntry(block).getValue())
                    + String.format("%064x", 0).repeat(3));
        }
    }

    private ChannelReader reader(Server... servers) {
        return new ChannelReader(List.of(servers), NODE, NODE, CONFIRMATIONS, clock);
    }

    private static long balance(ChannelReader reader) throws IOException {
        Channel channel = reader.look().channel(PAYER, NODE);
        return channel.balance();
    }

    @Test
    void believesOneServerWhenOneIsNamed() throws IOException {
        assertEquals(500, balance(reader(new Server(100, 500))));
    }

    @Test
    void believesTwoThatSayTheSame() throws IOException {
        assertEquals(500, balance(reader(new Server(100, 500), new Server(102, 500))));
    }

    @Test
    void refusesWhatOneOfTwoMadeUp() {
        ChannelReader reader = reader(new Server(100, 1_000_000), new Server(100, 500));
        IOException refused = assertThrows(IOException.class, () -> balance(reader));
        assertTrue(refused.getMessage().contains("do not say the same"), refused.getMessage());
    }

    @Test
    void outvotesOneLiarOfThree() throws IOException {
        assertEquals(500, balance(reader(new Server(100, 9), new Server(100, 500), new Server(100, 500))));
    }

    @Test
    void serverThatLagsBringsNoWithdrawnBalanceBack() {
        Server honest = new Server(1000, 500);
        honest.balances.put(900L, 0L);
        Server lagging = new Server(800, 500);
        assertThrows(IOException.class, () -> balance(reader(lagging, honest)));
    }

    @Test
    void oneOfThreeThatRunsAheadStopsNothing() throws IOException {
        assertEquals(500, balance(reader(new Server(1_000_000, 500), new Server(100, 500), new Server(101, 500))));
    }

    @Test
    void refusesWhenOneOfTwoIsAwayAndLetsItRest() throws IOException {
        Server away = new Server(100, 500);
        away.isAway = true;
        ChannelReader reader = reader(new Server(100, 500), away);
        IOException refused = assertThrows(IOException.class, () -> balance(reader));
        assertTrue(refused.getMessage().contains("of 2 servers of the chain 1 answers"), refused.getMessage());
        away.isAway = false;
        assertThrows(IOException.class, () -> balance(reader));
        assertEquals(1, away.asked, "it is not asked while it rests");
        clock.advanceMillis(ChainLimits.SERVER_REST_MILLIS);
        assertEquals(500, balance(reader));
    }

    @Test
    void oneOfThreeThatIsAwayStopsNothing() throws IOException {
        Server away = new Server(100, 500);
        away.isAway = true;
        assertEquals(500, balance(reader(away, new Server(100, 500), new Server(100, 500))));
    }
}
