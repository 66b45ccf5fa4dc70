package network.conet.edge.crypto.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import network.conet.edge.crypto.KeyProofs;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Vectors;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.crypto.internal.NodeKeyRing.Decryption;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeKeyRingTest {
    private static final byte[] TEXT = "for the node".getBytes(UTF_8);
    private static final SettableClock CLOCK = new SettableClock(1_700_000_000_000L);

    @TempDir
    Path data;

    private NodeKeyRing open(long seed) throws IOException {
        return new NodeKeyRing(data.resolve("keys"), Vectors.seeded(seed), CLOCK, Decryption.onCaller());
    }

    private static byte[] sealed(NodeKeyRing ring) throws RefusedException {
        return PgpPublicKey.parse(ring.publicKeyArmored()).encrypt(TEXT, Vectors.seeded(5));
    }

    private static RefuseReason refusal(CompletableFuture<byte[]> opening) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> opening.get(10, TimeUnit.SECONDS));
        return assertInstanceOf(RefusedException.class, failed.getCause()).reason();
    }

    private String refusalToOpen() throws IOException {
        List<String> before = contents();
        IOException refused = assertThrows(IOException.class, () -> open(99));
        assertEquals(before, contents(), "nothing may change");
        assertFalse(refused.getMessage().contains("\n"));
        return refused.getMessage();
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted().toList()) {
                contents.add(file + " " + (Files.isDirectory(file) ? "" : Files.readString(file, US_ASCII)));
            }
        }
        return contents;
    }

    @Test
    void makesKeysOnceAndFindsThemAgain() throws Exception {
        NodeKeyRing first = open(1);
        NodeKeyRing second = open(2);
        assertEquals(first.wallet(), second.wallet());
        assertEquals(first.keyId(), second.keyId());
        assertEquals(first.publicKeyArmored(), second.publicKeyArmored());
        assertArrayEquals(TEXT, second.open(sealed(first)).toCompletableFuture().get());
        WalletSignatures signatures = new WalletSignatures();
        assertEquals(Optional.of(first.wallet()), signatures.recoverPersonal(TEXT, second.signPersonal(TEXT)));
        Hash256 digest = signatures.hash(TEXT);
        assertEquals(Optional.of(first.wallet()), signatures.recoverDigest(digest, second.signDigest(digest)));
    }

    @Test
    void keepsFilesFromOtherUsers() throws Exception {
        open(1).close();
        for (String name : new String[] {"secret", "wallet.json", "pgp.asc"}) {
            assertEquals("rw-------", PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(data.resolve("keys").resolve(name))));
        }
        assertEquals("rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys"))));
        try (Stream<Path> files = Files.list(data.resolve("keys"))) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void usesTheWholeOfItsRandomness() throws Exception {
        NodeKeyRing first = open(1);
        Files.move(data.resolve("keys"), data.resolve("moved away"));
        NodeKeyRing same = open(1);
        assertEquals(first.wallet(), same.wallet());
        assertEquals(first.keyId(), same.keyId());
        Files.move(data.resolve("keys"), data.resolve("moved away too"));
        assertNotEquals(first.wallet(), open(2).wallet());
    }

    @Test
    void fillsAnEmptyDirectory() throws Exception {
        Files.createDirectory(data.resolve("keys"));
        assertEquals(open(1).keyId(), open(2).keyId());
    }

    /** Stops after each call for randomness, which is between and within the files that are written. */
    @Test
    void leavesNothingOrEverythingWhenItIsInterrupted() throws Exception {
        for (int calls = 0; calls < 200; calls++) {
            SecureRandom failing = failingAfter(calls);
            try {
                new NodeKeyRing(data.resolve("keys"), failing, CLOCK, Decryption.onCaller());
                assertEquals(open(3).keyId(), open(4).keyId());
                assertTrue(calls > 3);
                return;
            } catch (IllegalStateException interrupted) {
                assertFalse(Files.exists(data.resolve("keys")));
            }
        }
        throw new AssertionError("never finished");
    }

    private static SecureRandom failingAfter(int calls) {
        SecureRandom seeded = Vectors.seeded(8);
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;
            private int left = calls;

            @Override
            public void nextBytes(byte[] bytes) {
                if (left-- == 0) {
                    throw new IllegalStateException("the power went away");
                }
                seeded.nextBytes(bytes);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "wallet.json", "pgp.asc"})
    void refusesWhenOneFileIsMissing(String name) throws Exception {
        open(1).close();
        Files.delete(data.resolve("keys").resolve(name));
        assertTrue(refusalToOpen().startsWith(data.resolve("keys").resolve(name) + " is missing; restore"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "wallet.json", "pgp.asc"})
    void refusesWhenOneFileIsOfAnotherNode(String name) throws Exception {
        open(1).close();
        Files.move(data.resolve("keys"), data.resolve("other"));
        open(2).close();
        Files.copy(data.resolve("other").resolve(name), data.resolve("keys").resolve(name),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        String file = name.equals("secret") ? "wallet.json" : name;
        String line = refusalToOpen();
        assertTrue(line.startsWith(data.resolve("keys").resolve(file) + ": wrong pass"), line);
        assertTrue(line.contains("; restore"), line);
    }

    @ParameterizedTest
    @CsvSource({"secret,''", "secret,abc", "wallet.json,''", "wallet.json,{}", "pgp.asc,''", "pgp.asc,-----BEGIN"})
    void refusesWhenOneFileIsDamaged(String name, String content) throws Exception {
        open(1).close();
        Files.writeString(data.resolve("keys").resolve(name), content);
        String line = refusalToOpen();
        assertTrue(line.startsWith(data.resolve("keys").resolve(name).toString()), line);
        assertTrue(line.contains("; restore"), line);
    }

    @Test
    void refusesDirectoryThatHoldsSomethingElse() throws Exception {
        Files.createDirectory(data.resolve("keys"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(data.resolve("keys").resolve("notes"), "mine");
        assertTrue(refusalToOpen().contains("secret is missing"));
    }

    @Test
    void refusesDirectoryThatIsAFile() throws Exception {
        Files.writeString(data.resolve("keys"), "mine");
        assertTrue(refusalToOpen().startsWith("cannot use the keys in " + data.resolve("keys")));
    }

    @ParameterizedTest
    @CsvSource({"'',rwxr-x---", "secret,rw-r-----", "wallet.json,rw----r--", "pgp.asc,rw--w----"})
    void refusesWhatOthersCanRead(String name, String permissions) throws Exception {
        open(1).close();
        Path path = name.isEmpty() ? data.resolve("keys") : data.resolve("keys").resolve(name);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        assertTrue(refusalToOpen().contains("chmod"));
    }

    @Test
    void showsAndStoresNoSecretInClear() throws Exception {
        NodeKeyRing ring = open(1);
        assertEquals("NodeKeyRing[" + ring.wallet() + ", " + ring.keyId() + "]", ring.toString());
        String secret = Files.readString(data.resolve("keys").resolve("secret")).strip();
        for (String name : new String[] {"wallet.json", "pgp.asc"}) {
            assertFalse(Files.readString(data.resolve("keys").resolve(name)).contains(secret));
        }
        assertTrue(Files.readString(data.resolve("keys").resolve("pgp.asc")).startsWith(
                "-----BEGIN PGP PRIVATE KEY BLOCK-----"));
    }

    private static NodeKeyRing given(Decryption decryption) {
        return new NodeKeyRing(Wallet.generate(Vectors.seeded(1)),
                PgpPrivateKey.generate("node", Vectors.seeded(2), 0), Vectors.seeded(3), decryption);
    }

    @Test
    void provesItsKeyIdForItsOwnWallet() {
        PgpPrivateKey key = PgpPrivateKey.generate("node", Vectors.seeded(2), 0);
        NodeKeyRing ring = given(Decryption.onCaller());
        WalletAddress contract = Wallet.generate(Vectors.seeded(9)).address();
        assertEquals(KeyProofs.make(key, 7, contract, ring.wallet(), Vectors.seeded(3)),
                ring.proveKeyId(7, contract));
    }

    @Test
    void refusesMessagesThatAreNotForIt() {
        NodeKeyRing ring = given(Decryption.onCaller());
        assertEquals(RefuseReason.DECRYPT_FAILED, refusal(ring.open(new byte[0]).toCompletableFuture()));
    }

    @Test
    void refusesWhenItsQueueIsFullAndWhenItStops() throws Exception {
        NodeKeyRing ring = given(new Decryption(1, 2));
        byte[] sealed = sealed(ring);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        // The only thread is held by a continuation. When it completed before we attached, try again.
        Thread caller = Thread.currentThread();
        CompletableFuture<Boolean> held;
        do {
            held = ring.open(sealed).toCompletableFuture().thenApply(text -> {
                if (Thread.currentThread() == caller) {
                    return false;
                }
                reached.countDown();
                try {
                    return release.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return true;
                }
            });
        } while (held.isDone() && !held.get());
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        CompletableFuture<byte[]> first = ring.open(sealed).toCompletableFuture();
        CompletableFuture<byte[]> second = ring.open(sealed).toCompletableFuture();
        assertEquals(RefuseReason.DECRYPT_BUSY, refusal(ring.open(sealed).toCompletableFuture()));
        assertFalse(first.isDone());
        ring.close();
        release.countDown();
        assertEquals(RefuseReason.STOPPING, refusal(first));
        assertEquals(RefuseReason.STOPPING, refusal(second));
        assertEquals(RefuseReason.STOPPING, refusal(ring.open(sealed).toCompletableFuture()));
    }

    @Test
    void opensOnItsOwnThreads() throws Exception {
        try (NodeKeyRing ring = given(new Decryption(2, 64))) {
            List<CompletableFuture<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(ring.open(sealed(ring)).toCompletableFuture());
            }
            for (CompletableFuture<byte[]> one : all) {
                assertArrayEquals(TEXT, one.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void sealsToAKeyThatCanBeRead() throws Exception {
        try (NodeKeyRing ring = open(1)) {
            PgpPrivateKey user = PgpPrivateKey.generate("user", Vectors.seeded(7), 1_700_000_000L);
            byte[] armor = ring.seal(user.publicKey().armored(), TEXT).toCompletableFuture().get();
            assertArrayEquals(TEXT, user.decrypt(armor));
            assertFalse(Arrays.equals(armor,
                    ring.seal(user.publicKey().armored(), TEXT).toCompletableFuture().get()));
            assertEquals(RefuseReason.ARMOR_MALFORMED, refusal(ring.seal("no key", TEXT).toCompletableFuture()));
        }
    }

    @Test
    void refusesSettingsOutOfRange() {
        for (int[] bad : new int[][] {{-1, 1}, {3, 1}, {1, 0}, {1, 65}, {0, 65}}) {
            assertThrows(IllegalArgumentException.class, () -> new Decryption(bad[0], bad[1]));
        }
        new Decryption(1, 1);
        new Decryption(2, 64);
    }
}
