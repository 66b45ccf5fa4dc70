package network.conet.edge.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongConsumer;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.protocol.Endpoint;

/**
 * A network in simulated time: nodes that are {@link MessageHandler}s, clients, and connections between them that
 * delay, overtake each other and break. One thread, one queue of events, one source of chance: the same seed gives
 * the same run, event by event, which {@link #traceHash()} shows.
 *
 * <p>What travels on one connection in one direction stays in order. A connection that breaks loses what is under way
 * on it; each end hears of it later, in its own time. A node that crashes loses everything: its connections, its
 * scheduled tasks, the answers it was about to give. Whatever it still tries to do goes nowhere.
 *
 * <p>A handler that answers twice, or a stream that is used wrongly, is noted in {@link #violations()}; an exchange
 * that a living node never answered is found by {@link #unanswered()}. Not safe for use by many threads.
 */
public final class SimNetwork {
    private static final String SEED_PROPERTY = "sim.seed";
    private static final String ROUNDS_PROPERTY = "sim.rounds";
    private static final int TRACE_LINES_MAX = 1000;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private final Random chance;
    private final SettableClock clock;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Endpoint, SimNode> nodes = new HashMap<>();
    private final List<SimExchange> exchanges = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private Faults faults = Faults.NONE;
    private long traceHash = FNV_OFFSET;
    private long eventsAdded;
    private int connections;

    /**
     * @param seed decides everything that is left to chance
     * @param clock moved on by the network; given to what runs in it
     */
    public SimNetwork(long seed, SettableClock clock) {
        this.chance = new Random(seed);
        this.clock = clock;
    }

    /**
     * How bad the network is.
     *
     * @param lossPerMille of all transmissions, how many break their connection instead
     * @param delayMillisMax a transmission takes 1 to this many milliseconds
     */
    public record Faults(int lossPerMille, int delayMillisMax) {
        /** A good network. */
        public static final Faults NONE = new Faults(0, 5);
    }

    /** A check of one seed. */
    @FunctionalInterface
    public interface Round {
        /** Throws when the seed shows a fault. */
        void run(long seed) throws Exception;
    }

    /**
     * Runs a check for many seeds; with {@code -Dsim.seed=N} for that one alone, with {@code -Dsim.rounds=N} for
     * that many. A failure names its seed.
     *
     * @param roundsDefault seeds to try, from 1 on
     */
    public static void eachSeed(int roundsDefault, Round round) {
        String only = System.getProperty(SEED_PROPERTY);
        LongConsumer run = seed -> {
            try {
                round.run(seed);
            } catch (Exception | AssertionError failed) {
                throw new AssertionError("failed; replay with -D" + SEED_PROPERTY + '=' + seed + ": " + failed, failed);
            }
        };
        if (only != null) {
            run.accept(Long.parseLong(only));
            return;
        }
        long rounds = Long.getLong(ROUNDS_PROPERTY, roundsDefault);
        for (long seed = 1; seed <= rounds; seed++) {
            run.accept(seed);
        }
    }

    /** Makes the network better or worse from now on. */
    public void setFaults(Faults newFaults) {
        faults = newFaults;
    }

    /** Starts a node, for the first time or after a crash. */
    public void start(Endpoint endpoint, MessageHandler handler) {
        SimNode node = nodes.get(endpoint);
        if (node != null && node.isUp()) {
            throw new IllegalStateException(endpoint + " runs already");
        }
        note("start", endpoint);
        nodes.put(endpoint, new SimNode(this, endpoint, handler));
    }

    /** Takes a node's power away. */
    public void crash(Endpoint endpoint) {
        note("crash", endpoint);
        requireNode(endpoint).crash();
    }

    /** Whether a node runs. */
    public boolean isUp(Endpoint endpoint) {
        SimNode node = nodes.get(endpoint);
        return node != null && node.isUp();
    }

    /**
     * Connects a client to a node and posts.
     *
     * @param client told of everything that comes back
     * @return the client's end
     */
    public SimConnection post(Endpoint to, byte[] body, SimClient client) {
        SimConnection connection = new SimConnection(this, ++connections, null, client);
        connection.connectAndPost(to, body, null, null);
        return connection;
    }

    /** Runs a task later, whatever crashes. */
    public void schedule(long delayMillis, Runnable task) {
        add(delayMillis, "task", task);
    }

    /** Runs a task of a node later; it dies with the node. */
    public void scheduleOn(Endpoint endpoint, long delayMillis, Runnable task) {
        SimNode node = requireNode(endpoint);
        add(delayMillis, "task of node", () -> node.run(task));
    }

    /** Draws a number. What runs in the network has no other source of chance. */
    public int random(int bound) {
        return chance.nextInt(bound);
    }

    /**
     * Runs events until none is left before a time.
     *
     * @param untilMillis in the clock's time, which stands there afterwards
     */
    public void runUntil(long untilMillis) {
        while (!events.isEmpty() && events.peek().atMillis <= untilMillis) {
            Event event = events.poll();
            clock.advanceMillis(Math.max(0, event.atMillis - clock.epochMillis()));
            note(event.label, "");
            event.task.run();
        }
        clock.advanceMillis(Math.max(0, untilMillis - clock.epochMillis()));
    }

    /** What handlers did that they must not. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** Requests that a node took, lives on, and never answered. */
    public List<String> unanswered() {
        return exchanges.stream().filter(SimExchange::isOwed).map(SimExchange::toString).toList();
    }

    /** A hash over all events and their times. */
    public long traceHash() {
        return traceHash;
    }

    /** The last events, for a person. */
    public String trace() {
        return String.join("\n", trace);
    }

    /** Adds a line to the trace. */
    public void note(String what, Object about) {
        String line = clock.epochMillis() + " " + what + ' ' + about;
        for (int i = 0; i < line.length(); i++) {
            traceHash = (traceHash ^ line.charAt(i)) * FNV_PRIME;
        }
        if (trace.size() == TRACE_LINES_MAX) {
            trace.subList(0, TRACE_LINES_MAX / 2).clear();
        }
        trace.add(line);
    }

    SettableClock clock() {
        return clock;
    }

    SimNode nodeIfUp(Endpoint endpoint) {
        SimNode node = nodes.get(endpoint);
        return node != null && node.isUp() ? node : null;
    }

    void violation(String text) {
        note("violation", text);
        violations.add(text);
    }

    SimExchange register(SimExchange exchange) {
        exchanges.add(exchange);
        return exchange;
    }

    SimConnection connection(SimNode from, SimClient client) {
        return new SimConnection(this, ++connections, from, client);
    }

    boolean isLost() {
        return faults.lossPerMille > 0 && chance.nextInt(1000) < faults.lossPerMille;
    }

    long delayMillis() {
        return 1 + chance.nextInt(faults.delayMillisMax);
    }

    void add(long delayMillis, String label, Runnable task) {
        events.add(new Event(clock.epochMillis() + delayMillis, eventsAdded++, label, task));
    }

    private SimNode requireNode(Endpoint endpoint) {
        SimNode node = nodes.get(endpoint);
        if (node == null) {
            throw new IllegalArgumentException("no node at " + endpoint);
        }
        return node;
    }

    private record Event(long atMillis, long order, String label, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atMillis != other.atMillis
                    ? Long.compare(atMillis, other.atMillis)
                    : Long.compare(order, other.order);
        }
    }
}
