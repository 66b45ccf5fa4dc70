package network.conet.edge.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
    @TempDir
    Path directory;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void writesForOwnerOnlyAndReplacesInOneStep() throws Exception {
        Path file = directory.resolve("secret");
        SecretFiles.write(file, new byte[] {1});
        assertEquals("rw-------", mode(file));
        Files.write(directory.resolve(".secret.new"), new byte[] {9, 9}); // left by a crash, open to others
        SecretFiles.write(file, new byte[] {1, 2});
        assertEquals("rw-------", mode(file));
        assertArrayEquals(new byte[] {1, 2}, SecretFiles.read(file, 2));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void readsFileOfExactlyTheBoundAndRefusesOneByteMore() throws Exception {
        Path file = directory.resolve("secret");
        SecretFiles.write(file, new byte[3]);
        assertEquals(3, SecretFiles.read(file, 3).length);
        IOException refused = assertThrows(IOException.class, () -> SecretFiles.read(file, 2));
        assertTrue(refused.getMessage().contains(file.toString()));
        assertThrows(NoSuchFileException.class, () -> SecretFiles.read(directory.resolve("none"), 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw-rw----", "rw----r--", "rw-----w-", "rwx--x---"})
    void refusesSecretThatOthersCanUse(String permissions) throws Exception {
        Path file = directory.resolve("secret");
        SecretFiles.write(file, new byte[3]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        IOException refused = assertThrows(IOException.class, () -> SecretFiles.read(file, 3));
        assertTrue(refused.getMessage().endsWith("chmod 600 " + file), refused.getMessage());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertEquals(3, SecretFiles.read(file, 3).length);
    }

    @Test
    void makesDirectoriesForOwnerOnlyAndLeavesThoseThereAlone() throws Exception {
        Path inner = directory.resolve("a").resolve("b");
        SecretFiles.createDirectory(inner);
        assertEquals("rwx------", mode(inner));
        assertEquals("rwx------", mode(inner.getParent()));
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-x---"));
        SecretFiles.createDirectory(inner);
        IOException refused = assertThrows(IOException.class, () -> SecretFiles.requireOwnerOnlyDirectory(inner));
        assertTrue(refused.getMessage().endsWith("chmod 700 " + inner), refused.getMessage());
    }
}
