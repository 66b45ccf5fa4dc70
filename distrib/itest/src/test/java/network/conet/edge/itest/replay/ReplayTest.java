package network.conet.edge.itest.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client of the existing network talks to our nodes: each recorded request gets the recorded decision, status line
 * and body, and the connection ends, or stays, as recorded. Headers are free. Streams are the same to the byte: our
 * signatures are deterministic, as those of the existing nodes are.
 *
 * <pre>
 *  exchange  our answer  why another / what more
 *  01-08     same        nothing follows the announced length: ReplayDifferencesTest
 *  09        404         the proxy is a service of its own (sections 5.3 to 5.5), not in these bundles
 *  10        404         not 200: nobody keeps that mailbox, and a client then tries another entry
 *  11        same        what A sends to B: ReplayForwardTest; 200 only when it is stored
 *  12-16     same        in 16 the age of the listener too
 *  17, 18    same        what A, and C and A, send to B: ReplayForwardTest
 *  19-21     same        the end without a byte; ours in 20 already because the hops have no hashes
 *  22        same        the stream that 11 to 18 filled
 *  23-27     same        what C sends to B: ReplayForwardTest
 *  28        same        but the mailbox keeps what it sent, until it is acknowledged
 *  29        removed     true, not false: see 28
 *  30        same        the lists of an epoch frame of ours are empty: ReplayDifferencesTest
 *  31        same
 *  32        same        20 at once, with the armors that 31 left in the mailbox
 *  33        same        the first listener; the second gets all five messages, not none: ReplayDifferencesTest
 *  34        same        but a second listen with the first one's signature is a replay: ReplayDifferencesTest
 *  35        same
 *  36, 37    404         exclusive pipes are a service of their own (section 5.6), not in these bundles
 *  38        404         as 09
 * </pre>
 */
class ReplayTest {
    @TempDir
    private Path directory;

    private RecordedNetwork network;

    @BeforeEach
    void begin() {
        network = new RecordedNetwork(directory);
    }

    @AfterEach
    void end() throws IOException {
        network.close();
    }

    /** How an exchange comes to B: through our entries, or in the bytes that an existing entry sent. */
    enum Way { OUR_ENTRIES, EXISTING_ENTRIES }

    @ParameterizedTest
    @ValueSource(strings = {"01", "03", "04", "05", "06", "07", "08"})
    void answersWhatNeedsNoOtherNode(String number) throws Exception {
        network.start(RecordedNetwork.A);
        assertSame(Recording.of(number), network.send(Recording.of(number)));
    }

    @Test
    void answersBrowserThatAsksFirstAndThenPostsOnTheSameConnection() throws Exception {
        network.start(RecordedNetwork.A);
        Recording asks = Recording.of("02");
        RawClient browser = network.send(asks);
        assertEquals("until", asks.entry().string("end").orElseThrow());
        assertEquals(Recording.ascii(asks.response()), browser.readHead());
        assertSame(Recording.of("04"), browser.send(Recording.of("04").request()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"19", "20", "21"})
    void endsWithoutAByte(String number) throws Exception {
        network.start(RecordedNetwork.A);
        network.list(RecordedNetwork.B);
        assertEquals(0, Recording.of(number).response().length);
        assertEquals(0, network.send(Recording.of(number)).readToEnd().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15", "24"})
    void tellsAnotherNodesUserThatHeIsNotHere(String number) throws Exception {
        network.start(RecordedNetwork.C);
        assertSame(Recording.of(number), network.send(Recording.of(number)));
    }

    @ParameterizedTest
    @EnumSource
    void servesBobWhoListens(Way way) throws Exception {
        TestNode b = startNodes(way);
        b.beginEpoch(RecordedNetwork.epoch(682));
        RawClient bob = listen("22");
        bob.frame();
        b.beginEpoch(RecordedNetwork.epoch(684));
        bob.frame();

        play("11", way);
        bob.frame();
        assertEquals(Recording.mailboxAfter("11-after-send-live"), b.mail(bobsKey()));
        play("12", way);
        assertEquals(List.of(), b.mail(bobsKey()));
        play("13", way);
        play("14", way);
        network.clock().advanceMillis(1865);
        play("16", way);
        play("17", way);
        play("18", way);
        bob.frames(2);

        assertSameStream(Recording.of("22"), bob, b);
    }

    @ParameterizedTest
    @EnumSource
    void keepsMailForBobWhoIsAway(Way way) throws Exception {
        TestNode b = startNodes(way);
        b.beginEpoch(RecordedNetwork.epoch(690));
        play("23", way);
        play("25", way);
        assertEquals(Recording.mailboxAfter("25-after-offline-1"), b.mail(bobsKey()));
        play("26", way);
        assertEquals(Recording.mailboxAfter("26-after-offline-2"), b.mail(bobsKey()));
        play("27", way);
        assertEquals(Recording.mailboxAfter("27-after-offline-3"), b.mail(bobsKey()));

        Recording listens = Recording.of("28");
        RawClient bob = way == Way.OUR_ENTRIES ? network.send(listens) : network.sendToB(listens);
        bob.readStreamHead();
        assertSameStream(listens, bob, b);
    }

    @Test
    void validatesThatAnotherNodeServedBob() throws Exception {
        TestNode a = network.start(RecordedNetwork.A);
        network.list(RecordedNetwork.B);
        a.beginEpoch(RecordedNetwork.epoch(692));
        assertSame(Recording.of("30"), network.send(Recording.of("30")));
    }

    @Test
    void sendsAgainWhatWasNotAcknowledged() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        b.beginEpoch(RecordedNetwork.epoch(690));
        Recording again = Recording.of("31");
        RawClient bob = listen("22");
        bob.frame();
        String armor = mail(again).get(0);
        postToB(armor);
        assertEquals(armor, bob.frame().string("data").orElseThrow());

        bob.close();
        b.awaitNoConnection();
        b.beginEpoch(RecordedNetwork.epoch(692));
        assertSameStream(again, listen("31"), b);
    }

    /** Nothing in what a recorded client signs changes: its next listen is let in once its last stream has ended. */
    @ParameterizedTest
    @ValueSource(strings = {"22", "28"})
    void greetsAClientThatClosesAndComesAgain(String number) throws Exception {
        network.start(RecordedNetwork.C);
        TestNode b = network.start(RecordedNetwork.B);
        for (int i = 0; i < 3; i++) {
            RawClient bob = listen(number);
            assertEquals(0, bob.frame().integer("epoch").orElseThrow());
            bob.close();
            b.awaitNoConnection();
        }
    }

    @Test
    void deliversTwentyAtOnceAndKeepsThemUntilTheyAreAcknowledged() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        JsonValue recorded = Recording.of("32").entry();
        List<String> armors = Recording.mailboxAfter("31-after-burst");
        assertEquals(armors.size(), recorded.integer("deliveredLive").orElseThrow());
        assertEquals(armors.size(), recorded.integer("inMailbox").orElseThrow());
        RawClient bob = listen("22");
        bob.frame();

        List<RawClient> senders = new ArrayList<>();
        for (String armor : armors) {
            senders.add(network.send(RecordedNetwork.B, TestUser.post(Recording.bytes(armor))));
        }
        for (RawClient sender : senders) {
            assertEquals("HTTP/1.1 200 OK", sender.answerAndEnd().status());
        }
        List<String> delivered = bob.frames(armors.size()).stream()
                .map(frame -> frame.string("data").orElseThrow()).toList();
        assertEquals(armors.stream().sorted().toList(), delivered.stream().sorted().toList());
        assertEquals(delivered, b.mail(bobsKey()));

        for (String armor : armors) {
            byte[] ack = network.user("bob").acknowledge(b.keys(), armor, network.clock().epochSeconds());
            assertEquals("{\"ok\":true,\"removed\":true}",
                    network.send(RecordedNetwork.B, ack).answerAndEnd().body());
        }
        assertEquals(List.of(), b.mail(bobsKey()));
    }

    @Test
    void endsTheFirstStreamOfAWalletThatListensAgain() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        b.beginEpoch(RecordedNetwork.epoch(696));
        RawClient first = network.send(RecordedNetwork.B,
                network.user("dave").listen(b.keys(), network.clock().epochSeconds()));
        first.readStreamHead();
        first.frame();

        Recording replaces = Recording.of("34");
        RawClient second = listen("34");
        first.readToEnd();
        second.frame();
        postToB(mail(replaces).get(0));
        assertSameStream(replaces, second, b);

        RawClient miner = listen("35");
        second.readToEnd();
        assertSameStream(Recording.of("35"), miner, b);
    }

    @Test
    void greetsAListenerWhoWillNeverRead() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        b.beginEpoch(RecordedNetwork.epoch(696));
        assertSameStream(Recording.of("33"), listen("33"), b);
    }

    /** A and C are ours, or nobody is there. */
    private TestNode startNodes(Way way) throws IOException {
        if (way == Way.OUR_ENTRIES) {
            network.start(RecordedNetwork.A);
            network.start(RecordedNetwork.C);
        } else {
            network.list(RecordedNetwork.A);
            network.list(RecordedNetwork.C);
        }
        return network.start(RecordedNetwork.B);
    }

    private void play(String number, Way way) throws IOException {
        Recording recording = Recording.of(number);
        if (way == Way.OUR_ENTRIES) {
            assertSame(recording, network.send(recording));
        } else {
            assertSame(HttpAnswer.parse(recording.answeredByB()), network.sendToB(recording), recording);
        }
    }

    private RawClient listen(String number) throws IOException {
        RawClient client = network.send(Recording.of(number));
        client.readStreamHead();
        return client;
    }

    private void postToB(String armor) throws IOException {
        HttpAnswer answer =
                network.send(RecordedNetwork.B, TestUser.post(Recording.bytes(armor))).answerAndEnd();
        assertEquals("HTTP/1.1 200 OK", answer.status());
    }

    private KeyId bobsKey() {
        return network.keyId("bob");
    }

    /** The messages that a recorded stream delivered. */
    private static List<String> mail(Recording recording) throws RefusedException {
        byte[] stream = Recording.bytes(recording.stream());
        return new FrameReader().feed(stream, 0, stream.length).stream()
                .flatMap(frame -> frame.string("data").stream()).toList();
    }

    private static void assertSame(Recording recording, RawClient client) throws IOException {
        assertSame(recording.answer(), client, recording);
    }

    /** Reads until the node ends the connection, which it did in the recording. */
    private static void assertSame(HttpAnswer recorded, RawClient client, Recording recording) throws IOException {
        HttpAnswer ours = client.answerAndEnd();
        assertEquals(recorded.status(), ours.status(), recording.toString());
        assertEquals(recorded.body(), ours.body(), recording.toString());
        assertFalse(ours.head().contains("X-CoNET-Edge"), "said to nodes of our kind only");
        assertEquals("end", recording.entry().string("end").orElseThrow(), recording.toString());
    }

    /** The recorded stream, but the node's address has the port that was free, and no port in the recording. */
    private static void assertSameStream(Recording recording, RawClient client, TestNode node)
            throws IOException, RefusedException {
        String ip = "\"nodeIpAddr\":\"" + node.address().getHostString();
        String recorded = recording.stream().replace(ip, ip + ":" + node.address().getPort());
        assertEquals(recorded, client.stream(recorded.length()), recording.toString());
    }
}
