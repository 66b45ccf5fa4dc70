package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileDirectoryTest {
    private static final KeyId NODE = new KeyId(0x11);
    private static final KeyId KEY = new KeyId(0x21);
    private static final WalletAddress USER = ScriptedChain.wallet(0x31);
    private static final Wallet OPERATOR = TestKeys.wallet(1);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(1_200_000L);
    private Path file;
    private FileDirectory directory;
    private long modified = 1_000;

    @BeforeEach
    void make() {
        file = folder.resolve("network.json");
        directory = new FileDirectory(
                file, OPERATOR.address(), new WalletSignatures(), clock, new PlainCounters());
    }

    private static String message(long issuedAt, int port) {
        String armor = JsonValue.of(ScriptedChain.ARMOR).toString();
        return "{\"version\":1,\"issuedAt\":" + issuedAt + ",\"blockSeconds\":6,\"nodes\":[{\"keyId\":\"" + NODE
                + "\",\"wallet\":\"" + ScriptedChain.wallet(1) + "\",\"endpoint\":\"h:" + port + "\",\"publicKey\":"
                + armor + ",\"region\":\"home\"}],\"users\":[{\"wallet\":\"" + USER + "\",\"keyId\":\"" + KEY
                + "\",\"publicKey\":" + armor + ",\"mailboxNode\":\"" + NODE + "\"}]}";
    }

    private void write(String message, Wallet signer) throws IOException {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        writeFile(JsonValue.object().put("message", message)
                .put("signature", signer.signPersonal(text).toString()).build().toString());
    }

    private void writeFile(String content) throws IOException {
        Files.writeString(file, content);
        modified += 1_000;
        Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
    }

    private void look() {
        clock.advanceMillis(ChainLimits.NETWORK_FILE_LOOK_MILLIS);
        directory.worker().turn();
    }

    private int port() {
        return directory.node(NODE).orElseThrow().endpoint().port();
    }

    private RefuseReason refusal(CompletionStage<?> stage) {
        return ((RefusedException) assertThrows(ExecutionException.class,
                () -> stage.toCompletableFuture().get()).getCause()).reason();
    }

    @Test
    void servesWhatTheOperatorSigned() throws Exception {
        write(message(5, 81), OPERATOR);
        look();
        assertEquals(81, port());
        assertEquals(NODE, directory.nodeOfWallet(ScriptedChain.wallet(1)).orElseThrow().keyId());
        assertEquals(Optional.of(NODE), directory.mailboxNodeOf(KEY).toCompletableFuture().get());
        assertEquals(KEY, directory.user(USER).toCompletableFuture().get().orElseThrow().keyId());
        assertEquals(Optional.empty(), directory.mailboxNodeOf(NODE).toCompletableFuture().get());
        assertEquals(List.of(), directory.check());
    }

    @Test
    void fileThatAppearsLaterIsRead() throws Exception {
        look();
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(directory.mailboxNodeOf(KEY)));
        assertEquals(HealthItem.Severity.CRITICAL, directory.check().get(0).severity());
        write(message(5, 81), OPERATOR);
        look();
        assertEquals(81, port());
        assertEquals(List.of(), directory.check());
    }

    @Test
    void changedFileIsReadAgain() throws Exception {
        write(message(5, 81), OPERATOR);
        look();
        write(message(6, 82), OPERATOR);
        clock.advanceMillis(ChainLimits.NETWORK_FILE_LOOK_MILLIS - 1);
        directory.worker().turn();
        assertEquals(81, port());
        clock.advanceMillis(1);
        directory.worker().turn();
        assertEquals(82, port());
    }

    @Test
    void olderForeignAndDamagedFilesAreRefusedAndTheLastKept() throws Exception {
        write(message(5, 81), OPERATOR);
        look();
        List<String> titles = new ArrayList<>();
        write(message(4, 82), OPERATOR);
        look();
        titles.add(directory.check().get(0).title());
        write(message(6, 82), TestKeys.wallet(2));
        look();
        titles.add(directory.check().get(0).title());
        writeFile("{");
        look();
        titles.add(directory.check().get(0).title());
        Files.delete(file);
        look();
        titles.add(directory.check().get(0).title());
        assertEquals(81, port());
        assertEquals(HealthItem.Severity.WARNING, directory.check().get(0).severity());
        List<String> expected = List.of("issued before", "not signed by the operator", "not JSON", "not there");
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(titles.get(i).contains(expected.get(i)), titles.get(i));
        }
        write(message(6, 83), OPERATOR);
        look();
        assertEquals(83, port());
        assertEquals(List.of(), directory.check());
    }

    @Test
    void changedTextUnderAnOldSignatureIsRefused() throws Exception {
        write(message(5, 81), OPERATOR);
        writeFile(Files.readString(file).replace("h:81", "h:82"));
        look();
        assertEquals(List.of(), directory.nodes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"version\":1 | \"version\":2 | version is not 1",
        "\"issuedAt\":5, | '' | no issuedAt",
        "\"blockSeconds\":6 | \"blockSeconds\":0 | blockSeconds",
        "\"blockSeconds\":6 | \"blockSeconds\":3601 | blockSeconds",
        "\"keyId\":\"0000000000000011\" | \"keyId\":\"0000000000000000\" | nodes[0].keyId",
        "\"keyId\":\"0000000000000011\" | \"keyId\":\"11\" | nodes[0].keyId",
        "h:81 | h:81:82 | nodes[0].endpoint",
        "\"region\":\"home\" | \"region\":\"12345678901234567890123456789012345678901234567890123456789012345\""
                + " | nodes[0].region",
        "\"users\":[{\"wallet\":\"0x01 | \"users\":[{\"wallet\":\"0xZZ | users[0].wallet",
        "\"mailboxNode\":\"0000000000000011\" | \"mailboxNode\":\"x\" | users[0].mailboxNode",
        "\"publicKey\":\"-----BEGIN PGP PUBLIC | \"publicKey\":\"-----BEGIN PGP PRIVATE | nodes[0].publicKey",
    })
    void malformedMemberIsNamed(String from, String to, String title) throws Exception {
        String message = message(5, 81);
        assertTrue(message.contains(from));
        write(message.replace(from, to), OPERATOR);
        look();
        assertTrue(directory.check().get(0).title().contains(title), directory.check().get(0).title());
        assertEquals(List.of(), directory.nodes());
    }

    @Test
    void twoNodesWithOneKeyAreRefused() throws Exception {
        String message = message(5, 81);
        int begin = message.indexOf("[") + 1;
        int end = message.indexOf("]");
        write(message.substring(0, end) + "," + message.substring(begin, end) + message.substring(end), OPERATOR);
        look();
        assertTrue(directory.check().get(0).title().contains("another node"));
    }

    @Test
    void acceptsFileOfExactlyMaxAndRefusesOneByteMore() throws Exception {
        write(message(5, 81), OPERATOR);
        String content = Files.readString(file);
        String padding = " ".repeat(ChainLimits.NETWORK_FILE_BYTES_MAX - content.length());
        writeFile(content + padding + " ");
        look();
        assertEquals(List.of(), directory.nodes());
        writeFile(content + padding);
        look();
        assertEquals(81, port());
    }

    @Test
    void epochsFollowTheClock() throws Exception {
        List<Long> begun = new ArrayList<>();
        directory.addListener(epoch -> begun.add(epoch.number()));
        write(message(5, 81), OPERATOR);
        long wait = directory.worker().turn();
        assertEquals(List.of(200L), begun);
        assertEquals(ChainLimits.NETWORK_FILE_LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(wait));
        clock.advanceMillis(11_999);
        wait = directory.worker().turn();
        assertEquals(List.of(200L), begun);
        assertEquals(1, TimeUnit.NANOSECONDS.toMillis(wait));
        clock.advanceMillis(1);
        directory.worker().turn();
        assertEquals(List.of(200L, 202L), begun);
        assertEquals(202, directory.current().number());
    }

    @Test
    void clockThatWasAheadDoesNotStopTheEpochsForEver() throws Exception {
        write(message(5, 81), OPERATOR);
        clock.jumpTo(2_000_000_000_000L);
        look();
        assertEquals(2_000_000_004_000L / 12_000 * 2, directory.current().number());
        clock.jumpTo(1_700_000_000_000L);
        look();
        clock.advanceMillis(12_000);
        look();
        assertEquals((clock.epochMillis() / 12_000) * 2, directory.current().number());
    }

    @Test
    void registersNobody() {
        RegistrationRequest request = new RegistrationRequest(
                USER, Optional.empty(), NODE, 1, WalletSignature.of(new byte[WalletSignature.BYTES]));
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(directory.submit(request)));
    }

    @Test
    void worksOnItsOwnThread() throws Exception {
        write(message(5, 81), OPERATOR);
        CountDownLatch begun = new CountDownLatch(1);
        directory.addListener(epoch -> begun.countDown());
        directory.start();
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertEquals(81, port());
        directory.close();
        assertEquals(81, port());
    }
}
