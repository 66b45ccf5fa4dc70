package network.conet.edge.crypto.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;

/**
 * What a backup holds: {@code backup.json} ({@code version} 1, {@code wallet}, {@code madeAtSeconds} since 1970), and
 * the files by their names as seen from the data directory, as a zip.
 *
 * @param wallet the node's, as text
 * @param madeAtSeconds when, by the clock of the device
 * @param files by name: {@code conet.conf} and those directly in {@code keys/}
 */
record Backup(String wallet, long madeAtSeconds, SortedMap<String, byte[]> files) {
    static final String CONFIG = "conet.conf";
    static final String KEYS = "keys/";
    static final int FILE_BYTES_MAX = 256 * 1024;
    static final int BYTES_MAX = 1024 * 1024;

    private static final String ABOUT = "backup.json";
    private static final int VERSION = 1;
    private static final int FILES_MAX = 32;
    private static final Pattern NAME = Pattern.compile("conet\\.conf|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    byte[] toZip() throws IOException {
        SortedMap<String, byte[]> all = new TreeMap<>(files);
        all.put(ABOUT, JsonValue.object().put("version", VERSION).put("wallet", wallet)
                .put("madeAtSeconds", madeAtSeconds).build().toString().getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        if (bytes.size() > BYTES_MAX) {
            throw new IOException("keys and settings have more than " + BYTES_MAX + " bytes together");
        }
        return bytes.toByteArray();
    }

    /** @throws IOException with one line for the operator: of a newer version, or with names that no backup has */
    static Backup ofZip(byte[] bytes) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        byte[] about = null;
        int left = BYTES_MAX;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                byte[] content = zip.readNBytes(Math.min(left, FILE_BYTES_MAX) + 1);
                left -= content.length;
                boolean isAbout = name.equals(ABOUT) && about == null;
                if (left < 0 || content.length > FILE_BYTES_MAX || files.size() == FILES_MAX
                        || !isAbout && (!NAME.matcher(name).matches() || files.put(name, content) != null)) {
                    throw new IOException("the backup holds what no backup of a node does");
                }
                about = isAbout ? content : about;
            }
        }
        if (about == null) {
            throw new IOException("the backup does not say what it is");
        }
        try {
            JsonValue json = JsonValue.parse(new String(about, StandardCharsets.UTF_8));
            long version = json.integer("version").orElse(0);
            if (version != VERSION) {
                throw new IOException("the backup has version " + version + "; this node knows " + VERSION
                        + ": restore it with a newer one");
            }
            return new Backup(json.string("wallet").orElse(""), json.integer("madeAtSeconds").orElse(0), files);
        } catch (JsonException bad) {
            throw new IOException("the backup does not say what it is", bad);
        }
    }
}
