package network.conet.edge.crypto.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupToolTest {
    private static final long NOON_MILLIS = 1_790_000_000_000L;

    @TempDir
    private Path home;
    private Path data;
    private Path config;
    private Path file;
    private Path password;
    private String out;
    private String err;

    @BeforeEach
    void aNodeWithKeys() throws IOException {
        data = home.resolve("data");
        config = home.resolve("conet.conf");
        file = home.resolve("node.pgp");
        password = Files.writeString(home.resolve("password"), "twelve chars\nand more");
        KeyDirectory.openOrMake(data.resolve("keys"), new SecureRandom(), new SettableClock(NOON_MILLIS));
        Files.writeString(data.resolve("keys/storage.key"), "as if", StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(data.resolve("keys/storage.key"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(config, "storage.retentionDays = 30\n");
    }

    @Test
    void bringsKeysAndSettingsToAnEmptyDevice() throws IOException {
        assertEquals(BackupTool.OK, run(data, config, "create"));
        assertTrue(out.contains("backed up: 5 files"), out);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(BackupTool.OK, run(data, config, "show"));
        assertTrue(out.contains(wallet(data)) && out.contains("2026-09-21T"), out);

        Path other = home.resolve("other");
        Path settings = home.resolve("other.conf");
        assertEquals(BackupTool.OK, run(other, settings, "restore"), err);
        assertEquals("node " + wallet(data) + " restored, with its settings", out);
        for (String name : List.of("secret", "wallet.json", "pgp.asc", "storage.key")) {
            Path restored = other.resolve("keys").resolve(name);
            assertArrayEquals(Files.readAllBytes(data.resolve("keys").resolve(name)), Files.readAllBytes(restored));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(restored)));
        }
        assertEquals(Files.readString(config), Files.readString(settings));
    }

    @Test
    void leavesSettingsThatAreThere() throws IOException {
        run(data, config, "create");
        Path settings = Files.writeString(home.resolve("other.conf"), "storage.retentionDays = 7\n");
        assertEquals(BackupTool.OK, run(home.resolve("other"), settings, "restore"));
        assertTrue(out.contains("were left as they are"), out);
        assertEquals("storage.retentionDays = 7\n", Files.readString(settings));
    }

    @Test
    void takesNoKeysAway() throws IOException {
        run(data, config, "create");
        String before = Files.readString(data.resolve("keys/wallet.json"));
        assertEquals(BackupTool.REFUSED, run(data, config, "restore"));
        assertTrue(err.contains("holds keys already"), err);
        assertEquals(before, Files.readString(data.resolve("keys/wallet.json")));
    }

    @Test
    void takesNoBackupAway() throws IOException {
        run(data, config, "create");
        byte[] before = Files.readAllBytes(file);
        assertEquals(BackupTool.REFUSED, run(data, config, "create"));
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void wantsTwelveCharacters() throws IOException {
        Files.writeString(password, "eleven char\n");
        assertEquals(BackupTool.REFUSED, run(data, config, "create"));
        assertTrue(err.contains("has 11 characters"), err);
        assertFalse(Files.exists(file));
    }

    @Test
    void refusesAnotherPassword() throws IOException {
        run(data, config, "create");
        Files.writeString(password, "twelve charz\n");
        refusesToRestore("the password is wrong, or the backup was altered or cut");
    }

    @Test
    void refusesWhatWasAlteredOrCut() throws IOException {
        run(data, config, "create");
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(17);
        List<byte[]> bad = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            bad.add(altered);
            bad.add(Arrays.copyOf(whole, random.nextInt(whole.length)));
        }
        bad.add(Arrays.copyOf(whole, whole.length - 1));
        bad.add(new byte[0]);
        for (byte[] content : bad) {
            Files.write(file, content);
            refusesToRestore("");
        }
    }

    @Test
    void opensNoFileThatAsksForMoreMemoryThanItMay() throws IOException {
        run(data, config, "create");
        byte[] greedy = Files.readAllBytes(file);
        int exponent = indexOfCost(greedy);
        assertEquals(15, greedy[exponent]);
        greedy[exponent] = 16;
        Files.write(file, greedy);
        refusesToRestore("");
    }

    /** Behind type, salt, passes and lanes of Argon2 (RFC 9580, section 3.7.1.4). */
    private static int indexOfCost(byte[] file) {
        for (int i = 0; i < 40; i++) {
            if (file[i] == 4 && file[i + 17] == 6 && file[i + 18] == 4) {
                return i + 19;
            }
        }
        throw new AssertionError("no Argon2 in the first packet");
    }

    @Test
    void refusesNamesThatNoBackupHas() throws IOException {
        List<String> names =
                List.of("../keys/secret", "keys/../../x", "/etc/passwd", "keys/.hidden", "mailbox/seg-00000");
        for (String name : names) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
            }
            assertThrows(IOException.class, () -> Backup.ofZip(bytes.toByteArray()), name);
        }
    }

    @Test
    void refusesANewerVersion() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream newer = new ZipOutputStream(bytes)) {
            newer.putNextEntry(new ZipEntry("backup.json"));
            newer.write("{\"version\":2}".getBytes(StandardCharsets.US_ASCII));
        }
        IOException refused = assertThrows(IOException.class, () -> Backup.ofZip(bytes.toByteArray()));
        assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
    }

    @Test
    void refusesKeysThatCannotBeUsed() throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("keys/secret", "0".repeat(64).getBytes(StandardCharsets.US_ASCII));
        files.put("keys/wallet.json", Files.readAllBytes(data.resolve("keys/wallet.json")));
        files.put("keys/pgp.asc", Files.readAllBytes(data.resolve("keys/pgp.asc")));
        Files.write(file, BackupFile.seal(new Backup("0x0", 0, files).toZip(), "twelve chars".toCharArray(),
                new SecureRandom()));
        refusesToRestore("cannot be used");
    }

    @Test
    void restoresAfterARestoreThatWasCutShort() throws IOException {
        run(data, config, "create");
        Path other = home.resolve("other");
        Files.createDirectories(other.resolve("keys.restored"));
        Files.writeString(other.resolve("keys.restored/secret"), "half");
        assertEquals(BackupTool.OK, run(other, home.resolve("other.conf"), "restore"), err);
        assertEquals(wallet(data), wallet(other));
        assertFalse(Files.exists(other.resolve("keys.restored")));
    }

    private void refusesToRestore(String reason) throws IOException {
        Path other = home.resolve("other");
        assertEquals(BackupTool.REFUSED, run(other, home.resolve("other.conf"), "restore"));
        assertTrue(err.contains(reason), err);
        assertFalse(Files.exists(home.resolve("other.conf")));
        if (Files.exists(other)) {
            try (Stream<Path> left = Files.list(other)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private static String wallet(Path data) throws IOException {
        return KeyDirectory.open(data.resolve("keys")).wallet().address().toChecksumString(new WalletSignatures());
    }

    private int run(Path at, Path settings, String command) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        int status = BackupTool.run(at, settings, List.of(command, "--file", file.toString(), "--password-file",
                password.toString()), new PrintStream(told), new PrintStream(failed), () -> NOON_MILLIS, () -> 0);
        out = told.toString(StandardCharsets.UTF_8).strip();
        err = failed.toString(StandardCharsets.UTF_8).strip();
        return status;
    }
}
