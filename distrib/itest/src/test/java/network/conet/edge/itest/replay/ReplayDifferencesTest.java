package network.conet.edge.itest.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.CommitDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where our node answers otherwise than the recording, and means it. Each test shows the recorded answer beside. */
class ReplayDifferencesTest {
    private static final String OK = "HTTP/1.1 200 OK";
    private static final String NOT_FOUND = "HTTP/1.1 404 Not Found";
    /** More than all buffers between two sockets hold. */
    private static final int LARGE_BYTES = 512 * 1024;

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

    @ParameterizedTest
    @ValueSource(strings = {"09", "36", "37", "38"})
    void answers404ToServicesThatAreNotInTheseBundles(String number) throws Exception {
        network.start(Recording.of(number).host());
        assertEquals(NOT_FOUND, network.send(Recording.of(number)).answerAndEnd().status());
    }

    @Test
    void answers404WhereTheRecordingSays200ForNoRoute() throws Exception {
        network.start(RecordedNetwork.A);
        Recording recording = Recording.of("10");
        assertEquals(OK, recording.answer().status());
        assertEquals(NOT_FOUND, network.send(recording).answerAndEnd().status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "03", "04", "08"})
    void sendsNothingBehindTheAnnouncedLength(String number) throws Exception {
        network.start(RecordedNetwork.A);
        Recording recording = Recording.of(number);
        assertEquals("\r\n", recording.answer().rest());
        assertEquals("", network.send(recording).answerAndEnd().rest());
    }

    @Test
    void answersOnlyAfterTheMessageIsStored() throws Exception {
        TestNode b = network.start(RecordedNetwork.B, CommitDriver.MANUAL);
        RawClient sender = network.send(Recording.of("27"));
        assertTrue(sender.isSilent());
        assertEquals(List.of(), b.mail(bobsKey()));
        b.pump();
        assertEquals(OK, sender.answerAndEnd().status());
        assertEquals(Recording.mailboxAfter("27-after-offline-3").get(2), b.mail(bobsKey()).get(0));
    }

    @Test
    void keepsMailUntilAcknowledged() throws Exception {
        network.start(RecordedNetwork.C);
        TestNode b = network.start(RecordedNetwork.B);
        for (String number : List.of("25", "26", "27")) {
            assertEquals(OK, network.send(Recording.of(number)).answerAndEnd().status());
        }
        RawClient bob = network.send(Recording.of("28"));
        bob.readStreamHead();
        bob.frames(4);
        assertEquals(0, Recording.of("28").entry().integer("mailboxAfter").orElseThrow());
        assertEquals(Recording.mailboxAfter("27-after-offline-3"), b.mail(bobsKey()));

        Recording acknowledges = Recording.of("29");
        assertEquals("{\"ok\":true,\"removed\":false}", acknowledges.answer().body());
        assertEquals("{\"ok\":true,\"removed\":true}", network.send(acknowledges).answerAndEnd().body());
        assertEquals(2, b.mail(bobsKey()).size());
    }

    @Test
    void losesNothingWhenAReaderDies() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        Recording listens = Recording.of("33");
        JsonValue recorded = listens.entry();
        assertEquals(0, recorded.integer("recoveredBySecond").orElseThrow());
        PgpPrivateKey erin = network.addUser("0xfe6e9bacc526d0cdfebcfea45bdb15f378bbcf44");
        List<String> armors = new ArrayList<>();
        for (long i = recorded.integer("storedBefore").orElseThrow(); i > 0; i--) {
            byte[] armor = erin.publicKey().encrypt(incompressible(i), new SecureRandom());
            armors.add(Recording.ascii(armor));
            assertEquals(OK, network.send(RecordedNetwork.B, TestUser.post(armor)).answerAndEnd().status());
        }

        RawClient first = network.send(listens);
        first.readStreamHead();
        first.reset();
        b.awaitNoConnection();
        RawClient second = network.send(listens);
        second.readStreamHead();
        second.frame();
        List<String> received = second.frames(armors.size()).stream()
                .map(frame -> frame.string("data").orElseThrow()).toList();
        assertEquals(armors, received);
        assertEquals(armors, b.mail(erin.keyId()));
    }

    /**
     * The existing node ends the first stream (34). Recorded clients sign the same text each time they listen, so the
     * second listen of one is, to the bit of its signature, what anybody could replay.
     */
    @ParameterizedTest
    @ValueSource(strings = {"22", "34"})
    void refusesAReplayedListen(String number) throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        RawClient listener = network.send(Recording.of(number));
        listener.readStreamHead();
        listener.frame();
        assertEquals(NOT_FOUND, network.send(Recording.of(number)).answerAndEnd().status());
        b.beginEpoch(RecordedNetwork.epoch(684));
        assertEquals("684", listener.frame().string("epoch").orElseThrow());
    }

    @Test
    void tellsNoListenerWhatOthersTransferred() throws Exception {
        TestNode b = network.start(RecordedNetwork.B);
        RawClient bob = network.send(Recording.of("22"));
        bob.readStreamHead();
        bob.frame();
        b.beginEpoch(RecordedNetwork.epoch(692));
        String recorded = Recording.of("30").entry().member("heartbeat").orElseThrow().toString();
        String expected = recorded.replaceFirst("\"transfer\":\\[.+]", "\"transfer\":[]")
                .replace(RecordedNetwork.B, RecordedNetwork.B + ":" + b.address().getPort());
        assertEquals(expected, bob.frame().toString());
    }

    private static byte[] incompressible(long seed) {
        byte[] random = new byte[LARGE_BYTES];
        new Random(seed).nextBytes(random);
        return random;
    }

    private KeyId bobsKey() {
        return network.keyId("bob");
    }
}
