package network.conet.edge.node.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import network.conet.edge.node.internal.ConfigFile.ConfigException;
import network.conet.edge.node.internal.ConfigFile.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void settingsKeepTheirOrderAndLines() throws ConfigException {
        Map<String, Setting> settings = parse("# a comment", "", "relay.listenersMax = 7", "  chain.mode=file  ");
        assertEquals(List.of("relay.listenersMax", "chain.mode"), List.copyOf(settings.keySet()));
        assertEquals(new Setting("relay", "listenersMax", "7", "conet.conf", 3), settings.get("relay.listenersMax"));
        assertEquals(new Setting("chain", "mode", "file", "conet.conf", 4), settings.get("chain.mode"));
    }

    @Test
    void valueMayBeEmptyAndMayHoldAnything() throws ConfigException {
        Map<String, Setting> settings = parse("chain.operatorWallet =", "chain.rpcUrls = http://a/?b=c#d, http://e");
        assertEquals("", settings.get("chain.operatorWallet").value());
        assertEquals("http://a/?b=c#d, http://e", settings.get("chain.rpcUrls").value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"listenersMax = 7", "relay.listenersMax", "relay. listenersMax = 7",
        "Relay.listenersMax = 7", ".listenersMax = 7", "relay. = 7", "relay.a.b = 7", "relay.listeners-max = 7",
        "= 7", "[relay]", "; relay.a = 7"})
    void otherLinesAreRefusedWithTheirNumber(String line) {
        ConfigException refused = assertThrows(ConfigException.class, () -> parse("# first", line));
        assertEquals("conet.conf line 2: expected bundle.setting = value", refused.getMessage());
    }

    @Test
    void secondValueOfASettingIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> parse("a.b = 1", "", "a.b = 1"));
        assertEquals("conet.conf line 3: a.b stands already in line 1", refused.getMessage());
    }

    @Test
    void fileFromWindowsIsRead() throws IOException, ConfigException {
        Path file = write("\uFEFFrelay.listenersMax = 7\r\n\r\nchain.mode = file\r\n");
        Map<String, Setting> settings = ConfigFile.read(file);
        assertEquals("7", settings.get("relay.listenersMax").value());
        assertEquals("file", settings.get("chain.mode").value());
    }

    @Test
    void markOfByteOrderBelongsAtTheBeginningOnly() {
        assertThrows(ConfigException.class, () -> parse("a.b = 1", "\uFEFFa.c = 1"));
    }

    @Test
    void fileOfExactlyTheMostBytesIsRead() throws IOException, ConfigException {
        assertTrue(ConfigFile.read(write("#".repeat(ConfigFile.BYTES_MAX))).isEmpty());
    }

    @Test
    void fileOneByteLargerIsRefused() throws IOException {
        Path file = write("#".repeat(ConfigFile.BYTES_MAX + 1));
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
        assertEquals(file + " is larger than 262144 bytes", refused.getMessage());
    }

    @Test
    void missingFileIsRefused() {
        Path file = directory.resolve("none.conf");
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
        assertEquals("there is no configuration file " + file, refused.getMessage());
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = Files.write(directory.resolve("conet.conf"), new byte[] {'a', (byte) 0xFF});
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
        assertEquals(file + " is not UTF-8 text", refused.getMessage());
    }

    @Test
    void directoryIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigFile.read(directory));
        assertTrue(refused.getMessage().startsWith(directory + " cannot be read"), refused.getMessage());
    }

    private Path write(String text) throws IOException {
        return Files.write(directory.resolve("conet.conf"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Setting> parse(String... lines) throws ConfigException {
        return ConfigFile.parse("conet.conf", List.of(lines));
    }
}
