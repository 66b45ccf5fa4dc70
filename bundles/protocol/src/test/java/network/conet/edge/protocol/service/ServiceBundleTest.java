package network.conet.edge.protocol.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceBundleTest {
    private static final byte[] MANIFEST = utf8("{\"name\":\"echo\",\"version\":\"1.0.0\"}");
    private static final byte[] WASM = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final String HEADERS = "Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\n"
            + "Bundle-SymbolicName: conet.service.echo\r\nBundle-Version: 1.0.0\r\n";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> files() {
        return new TreeMap<>(Map.of(ServiceBundle.MANIFEST, MANIFEST, ServiceBundle.MODULE, WASM,
                ServiceBundle.HEADERS, utf8(HEADERS + "\r\n")));
    }

    private static byte[] jar(Map<String, byte[]> files, List<String> order) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : order) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(files.get(name));
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toByteArray();
    }

    private static byte[] jar(Map<String, byte[]> files) {
        return jar(files, List.copyOf(files.keySet()));
    }

    private static RefusedException refused(byte[] jar) {
        return assertThrows(RefusedException.class, () -> ServiceBundle.ofJar(jar));
    }

    private static RefuseReason refusedWith(String file, byte[] contents) {
        Map<String, byte[]> files = files();
        files.put(file, contents);
        return refused(jar(files)).reason();
    }

    @Test
    void bundleIsTheSameWhenItIsPackedAndReadAgain() throws Exception {
        ServiceBundle bundle = ServiceBundle.of(MANIFEST, WASM);
        ServiceBundle again = ServiceBundle.ofJar(bundle.toJar());
        assertEquals("echo 1.0.0", again.manifest().title());
        assertArrayEquals(WASM, again.wasm());
        assertEquals(bundle.digest(), again.digest());
        assertArrayEquals(bundle.toJar(), again.toJar(), "the same files are the same jar");
    }

    @Test
    void digestIsWhatTheDocumentSaysAndDoesNotDependOnThePacking() throws Exception {
        StringBuilder list = new StringBuilder();
        for (Map.Entry<String, byte[]> each : files().entrySet()) {
            list.append(each.getKey()).append('\n').append(sha256(each.getValue())).append('\n');
        }
        String digest = sha256(utf8(list.toString()));
        List<String> order = new ArrayList<>(files().keySet());
        assertEquals(digest, ServiceBundle.ofJar(jar(files(), order)).digest());
        Collections.reverse(order);
        ServiceBundle reversed = ServiceBundle.ofJar(jar(files(), order));
        assertEquals(digest, reversed.digest());
        assertEquals("CONET service bundle\n" + digest, new String(reversed.signedText(), StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] of) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(of));
    }

    @ParameterizedTest
    @ValueSource(strings = {ServiceBundle.MODULE, ServiceBundle.HEADERS, ServiceBundle.MANIFEST, "README.md"})
    void everyFileIsSigned(String name) throws Exception {
        Map<String, byte[]> files = files();
        String before = ServiceBundle.ofFiles(files).digest();
        byte[] old = files.getOrDefault(name, new byte[0]);
        // One more byte that changes no meaning: a space, or a line that is empty already.
        files.put(name, name.equals(ServiceBundle.HEADERS)
                ? utf8(HEADERS + "Bundle-Vendor: x\r\n\r\n") : Arrays.copyOf(old, old.length + 1));
        if (name.equals(ServiceBundle.MANIFEST)) {
            files.put(name, utf8(new String(MANIFEST, StandardCharsets.UTF_8) + " "));
        }
        assertNotEquals(before, ServiceBundle.ofFiles(files).digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Evil.class", "a/Evil.class", "lib.jar", "OSGI-INF/component.xml", "../escape",
        "/service.wasm", "SERVICE.WASM", "META-INF/versions/9/Evil.class", "META-INF/EVIL.SF"})
    void bundleHoldsNothingElse(String name) {
        assertEquals(RefuseReason.BUNDLE_HOLDS_CODE, refusedWith(name, new byte[] {1}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bundle-Activator: evil.Activator", "Bundle-ClassPath: lib.jar", "Import-Package: a",
        "DynamicImport-Package: *", "Require-Bundle: a", "Require-Capability: a", "Fragment-Host: system.bundle",
        "Service-Component: a.xml", "Bundle-NativeCode: a.so", "Export-Package: a", "Provide-Capability: a",
        "Bundle-ActivationPolicy: lazy", "bundle-activator: evil.Activator", "Launcher-Agent-Class: a",
        "Class-Path: a.jar", "Bundle-UpdateLocation: a"})
    void headersMakeTheFrameworkDoNothing(String header) {
        assertEquals(RefuseReason.BUNDLE_HOLDS_CODE,
                refusedWith(ServiceBundle.HEADERS, utf8(HEADERS + header + "\r\n\r\n")));
    }

    @Test
    void sectionsOfHeadersAreRefused() {
        assertEquals(RefuseReason.BUNDLE_HOLDS_CODE,
                refusedWith(ServiceBundle.HEADERS, utf8(HEADERS + "\r\nName: a\r\nSealed: true\r\n\r\n")));
    }

    @ParameterizedTest
    @CsvSource({"conet.service.echo,conet.service.other", "Version: 1.0.0,Version: 1.0.1",
        "ManifestVersion: 2,ManifestVersion: 1", "conet.service.echo,conet.service.echo;singleton:=true"})
    void headersNameTheServiceOfTheManifest(String from, String to) {
        assertEquals(RefuseReason.MANIFEST_MALFORMED,
                refusedWith(ServiceBundle.HEADERS, utf8(HEADERS.replace(from, to) + "\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {ServiceBundle.MODULE, ServiceBundle.HEADERS, ServiceBundle.MANIFEST})
    void fileThatIsMissingIsNamed(String name) {
        Map<String, byte[]> files = files();
        files.remove(name);
        RefusedException refused = refused(jar(files));
        assertEquals(RefuseReason.MANIFEST_MALFORMED, refused.reason());
        assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }

    @Test
    void bundleUnpacksToAsMuchAsMayBeAndNotMore() throws Exception {
        Map<String, byte[]> files = files();
        int others = MANIFEST.length + utf8(HEADERS + "\r\n").length;
        files.put(ServiceBundle.MODULE, new byte[ServiceBundle.BYTES_MAX - others]);
        assertEquals(ServiceBundle.BYTES_MAX - others, ServiceBundle.ofJar(jar(files)).wasm().length);
        files.put(ServiceBundle.MODULE, new byte[ServiceBundle.BYTES_MAX - others + 1]);
        byte[] bomb = jar(files);
        assertTrue(bomb.length < 100_000, "packed it is small");
        assertTrue(refused(bomb).getMessage().contains("unpacked"));
    }

    @Test
    void bundleThatIsTooLargePackedIsNotLookedAt() {
        assertTrue(refused(new byte[ServiceBundle.BYTES_MAX + 1]).getMessage().contains("at most"));
        assertEquals(RefuseReason.MANIFEST_MALFORMED, refused(new byte[ServiceBundle.BYTES_MAX]).reason());
    }

    @Test
    void directoriesAreEmpty() throws Exception {
        Map<String, byte[]> files = files();
        files.put("OSGI-INF/", new byte[0]);
        assertEquals(ServiceBundle.ofJar(jar(files())).digest(), ServiceBundle.ofJar(jar(files)).digest());
        files.put("OSGI-INF/", new byte[1]);
        assertTrue(refused(jar(files)).getMessage().contains("a directory with contents"));
    }

    @Test
    void whatStandsBehindTheFilesIsNotPackedAgain() throws Exception {
        byte[] jar = jar(files());
        Map<String, byte[]> evil = Map.of(ServiceBundle.HEADERS, utf8("Bundle-Activator: evil.Activator\r\n\r\n"));
        byte[] behind = jar(evil);
        byte[] both = Arrays.copyOf(jar, jar.length + behind.length);
        System.arraycopy(behind, 0, both, jar.length, behind.length);
        assertArrayEquals(ServiceBundle.ofJar(jar).toJar(), ServiceBundle.ofJar(both).toJar());
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        Map<String, byte[]> twins = files();
        twins.put("service.wasn", WASM);
        byte[] packed = jar(twins);
        byte[] from = utf8("service.wasn");
        for (int at = 0; at + from.length <= packed.length; at++) {
            if (Arrays.equals(packed, at, at + from.length, from, 0, from.length)) {
                packed[at + from.length - 1] = 'm';
            }
        }
        assertTrue(refused(packed).getMessage().contains("two files of one name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{", "{\"publisher\":\"0x12\",\"signature\":\"0x12\"}",
        "{\"publisher\":7,\"signature\":null}"})
    void signatureThatCannotBeReadIsRefused(String json) throws Exception {
        Map<String, byte[]> files = files();
        files.put(ServiceBundle.SIGNATURE, utf8(json));
        ServiceBundle bundle = ServiceBundle.ofJar(jar(files));
        RefusedException refused = assertThrows(RefusedException.class,
                () -> bundle.signed(bytes -> Hash256.of(new byte[32])));
        assertEquals(RefuseReason.BUNDLE_CHANGED, refused.reason());
    }

    @Test
    void damagedJarsAreReadOrRefusedAndNothingElse() throws Exception {
        Random random = new Random(4);
        byte[] whole = ServiceBundle.of(MANIFEST, WASM).toJar();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged =
                    random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0 && damaged.length > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                ServiceBundle.ofJar(damaged);
            } catch (RefusedException expected) {
                assertTrue(List.of(RefuseReason.MANIFEST_MALFORMED, RefuseReason.BUNDLE_HOLDS_CODE)
                        .contains(expected.reason()), expected.getMessage());
                assertTrue(expected.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), expected.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 5_000, refused + " refused");
    }
}
