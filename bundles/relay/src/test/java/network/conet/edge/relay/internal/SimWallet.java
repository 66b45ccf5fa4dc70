package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.testkit.SimClient;
import network.conet.edge.testkit.SimConnection;

/**
 * A user of a simulated network, who does what users do: sends until it hears 200, listens, acknowledges until it
 * hears so, loses its connection and comes again. It knows what its node must never do, and says so when it does.
 */
final class SimWallet {
    private static final int RETRY_MILLIS_MAX = 1500;
    private static final int SILENCE_MILLIS_MAX = 30_000;

    final SimKeys.Holder keys;
    final SimStorageNode home;
    private final SimWorld world;
    private final Map<Hash256, Ack> acks = new HashMap<>();
    private Session session;
    private long serial;

    SimWallet(SimWorld world, SimKeys.Holder keys, SimStorageNode home) {
        this.world = world;
        this.keys = keys;
        this.home = home;
    }

    /** When an acknowledgement was first sent and first confirmed. */
    private static final class Ack {
        private static final long NOT_YET = Long.MAX_VALUE;
        private final long sentMillis;
        private long confirmedMillis = NOT_YET;

        private Ack(long sentMillis) {
            this.sentMillis = sentMillis;
        }
    }

    /** Seals a text and posts it through one entry or two until one says 200. */
    void send(SimWallet recipient, String text) {
        byte[] armor = recipient.keys.seal(text.getBytes(StandardCharsets.UTF_8));
        world.sent(text, recipient);
        int way = world.network.random(4);
        byte[] posted = armor;
        if (way == 1) {
            JsonValue work = JsonValue.object().put("data", new String(armor, StandardCharsets.US_ASCII)).build();
            posted = recipient.home.keys.seal(work.toString().getBytes(StandardCharsets.UTF_8));
        } else if (way == 2) {
            posted = world.anyNode().keys.seal(armor);
        }
        int copies = world.network.random(4) == 0 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            postUntilOk(posted, text);
        }
    }

    private void postUntilOk(byte[] armor, String text) {
        world.post(world.anyNode(), armor, new Answer() {
            @Override
            void ended() {
                if (answer == null) {
                    later(() -> postUntilOk(armor, text));
                } else {
                    world.accepted(text);
                }
            }
        });
    }

    /** Listens from now on, again and again. */
    void listen() {
        session = new Session();
        JsonValue.Builder listen = command("mining");
        session.connection = world.post(world.anyNode(), seal(listen), session);
    }

    /** Loses its connection, or loses interest. */
    void hangUp() {
        if (session != null && session.connection != null) {
            session.connection.close();
        }
    }

    private void acknowledge(Hash256 hash) {
        JsonValue.Builder ack = command("gossip_delivery_ack").put("armorHash", hash.toString());
        world.post(world.anyNode(), seal(ack), new Answer() {
            @Override
            void ended() {
                if (answer == null) {
                    later(() -> acknowledge(hash));
                } else if (answer.startsWith("{\"ok\":true")) {
                    world.network.note("acknowledged, by " + home.entry.endpoint(), hash);
                    Ack done = acks.get(hash);
                    done.confirmedMillis = Math.min(done.confirmedMillis, world.clock.epochMillis());
                } else {
                    world.violation("an acknowledgement was answered " + answer);
                }
            }
        });
    }

    private JsonValue.Builder command(String name) {
        return JsonValue.object()
                .put("command", name)
                .put("walletAddress", keys.wallet().toString())
                .put("timestamp", world.clock.epochSeconds())
                .put("serial", ++serial);
    }

    private byte[] seal(JsonValue.Builder command) {
        String message = command.build().toString();
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        return home.keys.seal(Plaintext.encode(new Plaintext.Signed(message, keys.signPersonal(text))));
    }

    private void later(Runnable task) {
        world.network.schedule(1 + world.network.random(RETRY_MILLIS_MAX), task);
    }

    /** A request that is answered or not. */
    private abstract static class Answer implements SimClient {
        String answer;

        abstract void ended();

        @Override
        public void ok(byte[] json) {
            answer = new String(json, StandardCharsets.UTF_8);
        }

        @Override
        public void refused(RefuseReason reason) {}

        @Override
        public void closed() {
            ended();
        }
    }

    /** One listening, from the request to its end. */
    private final class Session implements SimClient {
        private final long beganMillis = world.clock.epochMillis();
        private final FrameReader reader = new FrameReader();
        private final Set<Hash256> delivered = new HashSet<>();
        private final List<Long> order = new ArrayList<>();
        private SimConnection connection;
        private boolean isGreeted;
        private long lastFrameMillis = beganMillis;

        @Override
        public void ok(byte[] json) {
            world.violation("a listen was answered without a stream");
        }

        @Override
        public void refused(RefuseReason reason) {
            if (reason == RefuseReason.COMMAND_REPLAYED || reason == RefuseReason.SIGNER_FOREIGN) {
                world.violation("an honest listen was refused: " + reason);
            }
        }

        @Override
        public void streamOpened() {
            watch();
        }

        /** A stream without heartbeats is dead to its listener. */
        private void watch() {
            world.network.schedule(SILENCE_MILLIS_MAX, () -> {
                if (session != this) {
                    return;
                }
                if (world.clock.epochMillis() - lastFrameMillis >= SILENCE_MILLIS_MAX) {
                    connection.close();
                } else {
                    watch();
                }
            });
        }

        @Override
        public void frame(byte[] frame) {
            lastFrameMillis = world.clock.epochMillis();
            try {
                for (JsonValue json : reader.feed(frame, 0, frame.length)) {
                    take(json);
                }
            } catch (RefusedException unreadable) {
                world.violation("a frame cannot be read: " + unreadable);
            }
        }

        private void take(JsonValue json) throws RefusedException {
            boolean isMail = json.string("data").isPresent();
            if (!isGreeted && (isMail || json.string("ipaddress").isEmpty())) {
                world.violation("the first frame is no greeting");
            }
            isGreeted = true;
            if (isMail) {
                mail(json.string("data").get().getBytes(StandardCharsets.US_ASCII));
            }
        }

        private void mail(byte[] armor) throws RefusedException {
            Hash256 hash = world.everybody.signatures().hash(armor);
            world.delivered(SimWallet.this, new String(keys.open(armor), StandardCharsets.UTF_8));
            world.network.note("delivered, by " + home.entry.endpoint() + ' ' + connection, hash);
            if (!delivered.add(hash)) {
                world.violation("delivered twice in one session");
            }
            long sequence = home.sequenceOf(hash);
            if (!order.isEmpty() && order.get(order.size() - 1) >= sequence) {
                world.violation("out of order: " + sequence + " behind " + order);
            }
            order.add(sequence);
            Ack before = acks.get(hash);
            if (before != null && before.confirmedMillis < beganMillis && !isForgiven(before)) {
                world.violation("delivered again though acknowledged at " + before.confirmedMillis);
            }
            if (before == null || before.confirmedMillis != Ack.NOT_YET) {
                acks.put(hash, new Ack(world.clock.epochMillis()));
                later(() -> acknowledge(hash));
            }
        }

        /** A power cut may take back an acknowledgement that was still waiting to be written. */
        private boolean isForgiven(Ack ack) {
            return home.hasCrashedBetween(ack.sentMillis, ack.confirmedMillis + SimStorageNode.ACK_ALLOWANCE_MILLIS);
        }

        @Override
        public void closed() {
            if (session == this) {
                later(SimWallet.this::listen);
            }
        }
    }
}
