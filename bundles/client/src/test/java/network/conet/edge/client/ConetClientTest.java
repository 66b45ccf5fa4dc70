package network.conet.edge.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import network.conet.edge.api.UserEntry;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.CommandCodec;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyWriter;
import network.conet.edge.protocol.StreamFrames;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against scripted nodes on real sockets: what it sends, through whom, and what it makes of answers. */
class ConetClientTest {
    private static final long NOW_SECONDS = 1_795_385_476L;

    private final SecureRandom random = new SecureRandom();
    private final WalletSignatures signatures = new WalletSignatures();
    private final SettableClock clock = new SettableClock(NOW_SECONDS * 1000);
    private final FakeDirectory directory = new FakeDirectory();
    private final Identity alice = identity();
    private final Identity bob = identity();
    private final ConetClient client = new ConetClient(alice, directory, clock, random);
    private ScriptedNode entry;
    private ScriptedNode keeper;

    @BeforeEach
    void begin() throws IOException {
        entry = new ScriptedNode(random);
        keeper = new ScriptedNode(random);
        directory.nodes.add(keeper.entry());
        directory.nodes.add(entry.entry());
        for (Identity user : List.of(alice, bob)) {
            directory.users.put(user.wallet().address(), new UserEntry(user.wallet().address(), user.pgp().keyId(),
                    user.pgp().publicKey().armored(), Optional.of(keeper.key.keyId())));
        }
    }

    @AfterEach
    void end() {
        entry.close();
        keeper.close();
    }

    @Test
    void sendsThroughAnEntryThatIsNotTheMailboxAndSeesNotForWhom() throws Exception {
        Hash256 hash = client.send(bob.wallet().address(), "hello");
        assertTrue(keeper.posted.isEmpty());
        Envelope envelope = entry.posted.get(0);
        assertEquals(keeper.key.keyId(), envelope.keyId());
        Envelope mail = ((Plaintext.MailboxWork) Plaintext.parse(keeper.key.decrypt(envelope.armor()))).inner();
        assertEquals(bob.pgp().keyId(), mail.keyId());
        assertEquals(signatures.hash(mail.armor()), hash);
        ChatMessage message = ChatMessage.decode(bob.pgp().decrypt(mail.armor()));
        assertEquals("hello", message.text());
        assertTrue(message.isSenderProven());
    }

    @Test
    void triesAnotherEntryWhenOneIsDownOrBusy() throws Exception {
        try (ScriptedNode second = new ScriptedNode(random)) {
            directory.nodes.add(second.entry());
            entry.answer(envelope -> new ScriptedNode.Answer(503, ""));
            for (int i = 0; i < 8; i++) {
                client.send(bob.wallet().address(), "hello " + i);
            }
            assertEquals(8, second.posted.size());
            entry.close();
            for (int i = 0; i < 8; i++) {
                client.send(bob.wallet().address(), "hello " + i);
            }
            assertEquals(16, second.posted.size());
        }
    }

    @Test
    void saysWhyAMessageWasNotTaken() throws Exception {
        entry.answer(envelope -> new ScriptedNode.Answer(507, ""));
        assertKind(Kind.REFUSED, () -> client.send(bob.wallet().address(), "hello"));
        entry.answer(envelope -> new ScriptedNode.Answer(-1, ""));
        assertKind(Kind.UNREACHABLE, () -> client.send(bob.wallet().address(), "hello"));
        directory.users.remove(bob.wallet().address());
        assertKind(Kind.REFUSED, () -> client.send(bob.wallet().address(), "hello"));
        directory.nodes.clear();
        assertKind(Kind.REFUSED, () -> client.acknowledge(signatures.hash(new byte[0])));
    }

    @Test
    void refusesADirectoryThatSwapsTheKey() {
        directory.users.put(bob.wallet().address(), new UserEntry(bob.wallet().address(), bob.pgp().keyId(),
                alice.pgp().publicKey().armored(), Optional.of(keeper.key.keyId())));
        assertKind(Kind.REFUSED, () -> client.send(bob.wallet().address(), "hello"));
        assertTrue(entry.posted.isEmpty());
    }

    @Test
    void registersAKeyOnceAndThenOnlyItsRoute() throws Exception {
        String transaction = "0x" + "ab".repeat(32);
        entry.answer(envelope -> new ScriptedNode.Answer(200, "{\"ok\":true,\"transaction\":\"" + transaction + "\"}"));
        assertEquals(transaction, client.register(keeper.entry()).toString());
        Command.RouteRegister move = (Command.RouteRegister) opened(entry.posted.get(0));
        assertTrue(move.request().key().isEmpty());
        directory.users.remove(alice.wallet().address());
        client.register(keeper.entry());
        Command.RouteRegister fresh = (Command.RouteRegister) opened(entry.posted.get(1));
        assertEquals(alice.pgp().keyId(), fresh.request().key().orElseThrow().keyId());
        assertEquals(keeper.key.keyId(), fresh.request().mailboxNode());
        assertEquals(NOW_SECONDS, fresh.header().timestampSeconds().getAsLong());
    }

    @Test
    void tellsWhatTheMailboxNodeSaysOfARegistration() {
        entry.answer(envelope -> new ScriptedNode.Answer(200, "{\"ok\":false,\"error\":\"registrations_limited\"}"));
        ClientException refused = assertThrows(ClientException.class, () -> client.register(keeper.entry()));
        assertTrue(refused.getMessage().contains("registrations_limited"), refused.getMessage());
    }

    @Test
    void asksWhoIsOnline() throws Exception {
        entry.answer(envelope -> new ScriptedNode.Answer(200, "{\"ok\":true,\"online\":true}"));
        assertTrue(client.isOnline(bob.wallet().address()));
        Command.OnlineQuery query = (Command.OnlineQuery) opened(entry.posted.get(0));
        assertEquals(Optional.of(bob.wallet().address()), query.target());
        entry.answer(envelope -> new ScriptedNode.Answer(200, "{\"ok\":true,\"online\":false,\"listenAgeMs\":null}"));
        assertFalse(client.isOnline(bob.wallet().address()));
        entry.answer(envelope -> new ScriptedNode.Answer(200, "{\"ok\":false,\"error\":\"not_my_route\"}"));
        assertKind(Kind.REFUSED, () -> client.isOnline(bob.wallet().address()));
        entry.answer(envelope -> new ScriptedNode.Answer(200, "<html>"));
        assertKind(Kind.REFUSED, () -> client.isOnline(bob.wallet().address()));
    }

    @Test
    void opensAnswersThatTheEntryCannotRead() throws Exception {
        entry.answer(envelope -> new ScriptedNode.Answer(200,
                sealedJson(replyKey(envelope), "{\"ok\":true,\"online\":true}")));
        assertTrue(client.isOnline(bob.wallet().address()));
    }

    @Test
    void takesNoAnswerThatTheEntryMadeUp() {
        ReplyKey guessed = ReplyKey.of(new byte[ReplyKey.BYTES]);
        for (String forged : List.of(sealedJson(guessed, "{\"ok\":true,\"online\":true}"), "{\"reply\":\"\"}",
                "{\"reply\":\"*\"}")) {
            entry.answer(envelope -> new ScriptedNode.Answer(200, forged));
            assertKind(Kind.REFUSED, () -> client.isOnline(bob.wallet().address()));
        }
        entry.answer(envelope -> new ScriptedNode.Answer(200, sealedJson(replyKey(envelope), "<html>")));
        assertKind(Kind.REFUSED, () -> client.isOnline(bob.wallet().address()));
    }

    @Test
    void opensAStreamThatTheEntryCannotReadAndNoticesWhereItIsCut() throws Exception {
        byte[] mail = StreamFrames.mail(bobsMail("one"));
        ConetClient bobs = new ConetClient(bob, directory, clock, random);
        entry.answer(envelope -> new ScriptedNode.Answer(200, "application/octet-stream",
                sealed(replyKey(envelope), mail)));
        try (MailStream stream = bobs.openMail()) {
            assertEquals("one", stream.next().orElseThrow().mail().orElseThrow().content().orElseThrow().text());
            assertEquals(Optional.empty(), stream.next());
        }
        entry.answer(envelope -> new ScriptedNode.Answer(200, "application/octet-stream",
                Arrays.copyOf(sealed(replyKey(envelope), mail), 100)));
        try (MailStream stream = bobs.openMail()) {
            assertThrows(IOException.class, stream::next);
        }
    }

    private ReplyKey replyKey(Envelope envelope) {
        return opened(envelope).header().replyKey().orElseThrow();
    }

    private static byte[] sealed(ReplyKey key, byte[] data) {
        ReplyWriter writer = new ReplyWriter(key, new byte[16]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(writer.pieces(data));
        out.writeBytes(writer.last(JsonValue.object().put("ok", true).build()));
        return out.toByteArray();
    }

    private static String sealedJson(ReplyKey key, String json) {
        byte[] sealed = sealed(key, json.getBytes(StandardCharsets.UTF_8));
        return "{\"reply\":\"" + Base64.getEncoder().encodeToString(sealed) + "\"}";
    }

    @Test
    void givesEachMessageOnceAndAcknowledgesEachTime() throws Exception {
        byte[] first = bobsMail("one");
        byte[] second = bobsMail("two");
        byte[] foreign = alice.pgp().publicKey().encrypt(new byte[] {1}, random);
        String stream = text(StreamFrames.greeting("127.0.0.1", 2, keeper.wallet.address(),
                        keeper.wallet.signPersonal(new byte[] {'2'})))
                + text(StreamFrames.mail(first)) + text(StreamFrames.mail(first)) + ": comment\r\n\r\n"
                + text(StreamFrames.mail(foreign)) + text(StreamFrames.mail(second));
        List<Hash256> acknowledged = Collections.synchronizedList(new ArrayList<>());
        entry.answer(envelope -> {
            Command command = opened(envelope);
            if (command instanceof Command.DeliveryAck ack) {
                acknowledged.add(ack.armorHash());
                return new ScriptedNode.Answer(200, "{\"ok\":true,\"removed\":true}");
            }
            assertInstanceOf(Command.Listen.class, command);
            return new ScriptedNode.Answer(200, stream);
        });
        List<String> texts = new ArrayList<>();
        ConetClient bobs = new ConetClient(bob, directory, clock, random);
        new MailListener(bobs, clock).listen(new MailListener.Receiver() {
            @Override
            public void connected() {
                texts.add("connected");
            }

            @Override
            public boolean received(Hash256 armorHash, Optional<ChatMessage> content) {
                texts.add(content.map(ChatMessage::text).orElse("not for us"));
                return texts.size() < 4;
            }
        }, Duration.ofSeconds(30));
        assertEquals(List.of("connected", "one", "not for us", "two"), texts);
        Comparator<Hash256> order = Comparator.comparing(Hash256::toString);
        assertEquals(Stream.of(first, first, foreign, second).map(signatures::hash).sorted(order).toList(),
                acknowledged.stream().sorted(order).toList());
    }

    @Test
    void mailWhoseAcknowledgementFailsComesAgainAndIsGivenOnce() throws Exception {
        byte[] first = bobsMail("one");
        byte[] second = bobsMail("two");
        AtomicInteger acknowledgements = new AtomicInteger();
        AtomicInteger streams = new AtomicInteger();
        entry.answer(envelope -> {
            if (opened(envelope) instanceof Command.DeliveryAck) {
                int status = acknowledgements.incrementAndGet() == 1 ? -1 : 200;
                return new ScriptedNode.Answer(status, "{\"ok\":true,\"removed\":true}");
            }
            String more = streams.incrementAndGet() == 1 ? "" : text(StreamFrames.mail(second));
            return new ScriptedNode.Answer(200, text(StreamFrames.mail(first)) + more);
        });
        List<String> texts = new ArrayList<>();
        ConetClient bobs = new ConetClient(bob, directory, clock, random);
        new MailListener(bobs, clock).listen(new MailListener.Receiver() {
            @Override
            public void connected() {
                texts.add("connected");
            }

            @Override
            public boolean received(Hash256 armorHash, Optional<ChatMessage> content) {
                texts.add(content.orElseThrow().text());
                return !content.get().text().equals("two");
            }
        }, Duration.ofSeconds(30));
        assertEquals(List.of("connected", "one", "connected", "two"), texts);
        assertEquals(3, acknowledgements.get());
    }

    @Test
    void keepsAnIdentityThatOnlyItsPasswordOpens(@TempDir Path folder)
            throws Exception {
        Path home = folder.resolve("wallet");
        Identity made = Identity.create(home, "right".toCharArray(), random, clock);
        Identity loaded = Identity.load(home, "right".toCharArray());
        assertEquals(made.wallet().address(), loaded.wallet().address());
        assertArrayEquals(made.pgp().publicKey().subkeyBody(), loaded.pgp().publicKey().subkeyBody());
        assertKind(Kind.SETUP, () -> Identity.load(home, "wrong".toCharArray()));
        assertKind(Kind.SETUP, () -> Identity.create(home, "right".toCharArray(), random, clock));
        assertKind(Kind.SETUP, () -> Identity.load(folder.resolve("nobody"), "right".toCharArray()));
    }

    private Command opened(Envelope envelope) {
        try {
            Plaintext.Signed signed = (Plaintext.Signed) Plaintext.parse(keeper.key.decrypt(envelope.armor()));
            Command command = CommandCodec.parse(signed.message(), signatures);
            byte[] text = signed.message().getBytes(StandardCharsets.UTF_8);
            assertEquals(Optional.of(command.header().wallet()), signatures.recoverPersonal(text, signed.signature()));
            return command;
        } catch (RefusedException notForTheKeeper) {
            throw new AssertionError(notForTheKeeper);
        }
    }

    private byte[] bobsMail(String text) {
        return bob.pgp().publicKey().encrypt(ChatMessage.encode(alice.wallet(), text, 1), random);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Identity identity() {
        Wallet wallet = Wallet.generate(random);
        return new Identity(wallet, PgpPrivateKey.generate(wallet.address().toString(), random, NOW_SECONDS));
    }

    private interface Work {
        void run() throws ClientException, InterruptedException;
    }

    private static void assertKind(Kind kind, Work work) {
        ClientException failed = assertThrows(ClientException.class, work::run);
        assertEquals(kind, failed.kind(), failed.getMessage());
        assertEquals(1, failed.getMessage().lines().count(), failed.getMessage());
    }
}
