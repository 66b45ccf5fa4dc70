package network.conet.edge.protocol.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * A service as it is handed around: an OSGi bundle of a manifest, a module and a signature, and no code of its own
 * ({@code docs/protocol/services.md}, section 5).
 *
 * <pre>
 *   META-INF/MANIFEST.MF             the framework's headers: names and version, nothing else
 *   OSGI-INF/conet/service.json      the manifest
 *   service.wasm                     the module
 *   OSGI-INF/conet/signature.json    { "publisher": "0x…", "signature": "0x…" }, may be missing
 * </pre>
 *
 * What the publisher signs ({@link #signedText}) covers the names and contents of all files but the signature, so it
 * does not matter how they are packed.
 */
public final class ServiceBundle {
    /** Place of the manifest. */
    public static final String MANIFEST = "OSGI-INF/conet/service.json";
    /** Place of the module. */
    public static final String MODULE = "service.wasm";
    /** Place of the signature. */
    public static final String SIGNATURE = "OSGI-INF/conet/signature.json";
    /** Place of the headers. */
    public static final String HEADERS = "META-INF/MANIFEST.MF";
    /** Ending of a bundle's file. */
    public static final String FILE_ENDING = ".conet";
    /** Largest bundle, packed; and all its files together, unpacked. */
    public static final int BYTES_MAX = 8 << 20;

    private static final int FILES_MAX = 16;
    private static final Set<String> FILES = Set.of(HEADERS, MANIFEST, MODULE, SIGNATURE, "LICENSE", "README.md");
    private static final Set<String> HEADER_NAMES = Set.of("Manifest-Version", "Created-By", "Bundle-ManifestVersion",
            "Bundle-SymbolicName", "Bundle-Version", "Bundle-Name", "Bundle-Description", "Bundle-License",
            "Bundle-Vendor");
    private static final String SYMBOLIC_NAME = "conet.service.";
    private static final int BUFFER_BYTES = 8192;

    private final SortedMap<String, byte[]> files;
    private final ServiceManifest manifest;

    private ServiceBundle(SortedMap<String, byte[]> files, ServiceManifest manifest) {
        this.files = files;
        this.manifest = manifest;
    }

    /**
     * @param publisher who says to have signed
     * @param signature over {@link #signedText}
     */
    public record Signed(WalletAddress publisher, WalletSignature signature) {}

    /**
     * Reads the files from the beginning of a jar, as they follow one another. Who reads by the directory at its end,
     * as frameworks do, may find others: hand on {@link #toJar}, and never the jar that was read.
     *
     * @throws RefusedException MANIFEST_MALFORMED, BUNDLE_HOLDS_CODE
     */
    public static ServiceBundle ofJar(byte[] jar) throws RefusedException {
        if (jar.length > BYTES_MAX) {
            throw malformed("a bundle of " + jar.length + " bytes, at most " + BYTES_MAX);
        }
        TreeMap<String, byte[]> files = new TreeMap<>();
        int total = 0;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] contents = contents(in, BYTES_MAX - total);
                total += contents.length;
                if (entry.isDirectory()) {
                    if (contents.length > 0) {
                        throw malformed("a directory with contents");
                    }
                    continue;
                }
                if (files.put(entry.getName(), contents) != null || files.size() > FILES_MAX) {
                    throw malformed("two files of one name, or more than " + FILES_MAX);
                }
            }
        } catch (ZipException | IllegalArgumentException broken) {
            throw malformed("not a jar");
        } catch (IOException truncated) {
            throw malformed("a jar that was cut off");
        }
        return ofFiles(files);
    }

    private static byte[] contents(ZipInputStream in, int bytesMax) throws IOException, RefusedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (out.size() + read > bytesMax) {
                throw malformed("more than " + BYTES_MAX + " bytes unpacked");
            }
            out.write(buffer, 0, read);
        }
        return out.toByteArray();
    }

    /**
     * @param files contents by name; not changed afterwards
     * @throws RefusedException MANIFEST_MALFORMED, BUNDLE_HOLDS_CODE
     */
    public static ServiceBundle ofFiles(Map<String, byte[]> files) throws RefusedException {
        for (String name : files.keySet()) {
            if (!FILES.contains(name)) {
                throw new RefusedException(RefuseReason.BUNDLE_HOLDS_CODE, "file " + printable(name));
            }
        }
        for (String needed : new String[] {HEADERS, MANIFEST, MODULE}) {
            if (!files.containsKey(needed)) {
                throw malformed("no file " + needed);
            }
        }
        ServiceManifest manifest = ServiceManifest.parse(files.get(MANIFEST));
        checkHeaders(files.get(HEADERS), manifest);
        return new ServiceBundle(new TreeMap<>(files), manifest);
    }

    /** Only harmless headers: nothing that makes the framework run or wire anything. */
    private static void checkHeaders(byte[] text, ServiceManifest manifest) throws RefusedException {
        Manifest headers;
        try {
            headers = new Manifest(new ByteArrayInputStream(text));
        } catch (IOException | IllegalArgumentException broken) {
            throw malformed(HEADERS + " cannot be read");
        }
        Attributes main = headers.getMainAttributes();
        for (Object name : main.keySet()) {
            if (HEADER_NAMES.stream().noneMatch(known -> known.equalsIgnoreCase(name.toString()))) {
                throw new RefusedException(RefuseReason.BUNDLE_HOLDS_CODE, "header " + printable(name.toString()));
            }
        }
        if (!headers.getEntries().isEmpty()) {
            throw new RefusedException(RefuseReason.BUNDLE_HOLDS_CODE, "sections in " + HEADERS);
        }
        if (!"2".equals(main.getValue("Bundle-ManifestVersion"))
                || !(SYMBOLIC_NAME + manifest.name()).equals(main.getValue("Bundle-SymbolicName"))
                || !manifest.version().toString().equals(main.getValue("Bundle-Version"))) {
            throw malformed(HEADERS + " names another service or version than " + MANIFEST);
        }
    }

    /** A bundle without a signature, of a manifest and a module, with the headers that belong to them. */
    public static ServiceBundle of(byte[] manifestJson, byte[] wasm) throws RefusedException {
        ServiceManifest manifest = ServiceManifest.parse(manifestJson);
        String headers = "Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\nBundle-SymbolicName: " + SYMBOLIC_NAME
                + manifest.name() + "\r\nBundle-Version: " + manifest.version() + "\r\n\r\n";
        return ofFiles(Map.of(HEADERS, utf8(headers), MANIFEST, manifestJson, MODULE, wasm));
    }

    /** The same bundle with a signature. */
    public ServiceBundle with(Signed signed) {
        TreeMap<String, byte[]> more = new TreeMap<>(files);
        more.put(SIGNATURE, utf8(JsonValue.object()
                .put("publisher", signed.publisher().toString())
                .put("signature", signed.signature().toString())
                .build()
                .toString()));
        return new ServiceBundle(more, manifest);
    }

    /** What it says of itself. */
    public ServiceManifest manifest() {
        return manifest;
    }

    /** The module; not to be changed. */
    public byte[] wasm() {
        return files.get(MODULE);
    }

    /** Lower-case hexadecimal SHA-256 over the sorted list of names and of the SHA-256 of their contents. */
    public String digest() {
        MessageDigest list = sha256();
        files.forEach((name, contents) -> {
            if (!name.equals(SIGNATURE)) {
                list.update(utf8(name + "\n" + HexFormat.of().formatHex(sha256().digest(contents)) + "\n"));
            }
        });
        return HexFormat.of().formatHex(list.digest());
    }

    /** The text that the publisher's wallet signs as {@code personal_sign} does. */
    public byte[] signedText() {
        return utf8("CONET service bundle\n" + digest());
    }

    /**
     * The signature as it stands there, not yet checked.
     *
     * @throws RefusedException BUNDLE_CHANGED when there is one that cannot be read
     */
    public Optional<Signed> signed(Keccak256 keccak) throws RefusedException {
        byte[] json = files.get(SIGNATURE);
        if (json == null) {
            return Optional.empty();
        }
        try {
            JsonValue read = JsonValue.parse(json);
            Optional<WalletAddress> publisher = read.string("publisher").flatMap(w -> WalletAddress.parse(w, keccak));
            Optional<WalletSignature> signature = read.string("signature").flatMap(WalletSignature::parse);
            if (publisher.isPresent() && signature.isPresent()) {
                return Optional.of(new Signed(publisher.get(), signature.get()));
            }
        } catch (JsonException notJson) {
            throw new RefusedException(RefuseReason.BUNDLE_CHANGED, "the signature is not JSON");
        }
        throw new RefusedException(RefuseReason.BUNDLE_CHANGED, "the signature cannot be read");
    }

    /** Packs it: the headers first, the rest by name, all of one time, so that the same files give the same jar. */
    public byte[] toJar() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, HEADERS);
            for (String name : files.keySet()) {
                if (!name.equals(HEADERS)) {
                    put(zip, name);
                }
            }
        } catch (IOException impossible) {
            throw new AssertionError("memory does not fail", impossible);
        }
        return out.toByteArray();
    }

    private void put(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // 1980-01-01 00:00 in the zone of whoever looks: the oldest date that the format holds.
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(files.get(name));
        zip.closeEntry();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) : clean;
    }

    private static RefusedException malformed(String what) {
        return new RefusedException(RefuseReason.MANIFEST_MALFORMED, what);
    }
}
