package network.conet.edge.bench.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.conet.edge.protocol.JsonValue;

/**
 * What was written, since the machine or the process began.
 *
 * @param deviceBytes given to the block device; -1 when there is none that only the store uses
 * @param flushes asked of the block device; -1 like that
 * @param handedBytes handed to the system in write calls by this process, whatever the file system made of them
 */
record DiskCounts(long deviceBytes, long flushes, long handedBytes) {
    private static final int SECTOR_BYTES = 512;
    /** Positions in the statistics of a block device (Linux, Documentation/block/stat.rst). */
    private static final int SECTORS_WRITTEN = 6;
    private static final int FLUSHES = 15;
    private static final Path PROCESS = Path.of("/proc/self/io");

    /**
     * Reads the counts. What the file system still holds back is written first: it belongs to what came before.
     *
     * @param statistics of the block device, or empty when it is not the store's alone
     */
    static DiskCounts now(Path directory, String statistics) throws IOException, InterruptedException {
        long handed = Files.readAllLines(PROCESS).stream().filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1])).sum();
        if (statistics.isEmpty()) {
            return new DiskCounts(-1, -1, handed);
        }
        int code = new ProcessBuilder("sync", "-f", directory.toString()).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("sync ended with " + code);
        }
        String[] fields = Files.readString(Path.of(statistics)).strip().split(" +");
        return new DiskCounts(Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR_BYTES,
                Long.parseLong(fields[FLUSHES]), handed);
    }

    /** Puts what was written since an earlier moment into a JSON object, as figures a message. */
    JsonValue.Builder putSince(DiskCounts earlier, long messages, JsonValue.Builder json) {
        if (deviceBytes >= 0) {
            json.put("deviceBytes", JsonValue.of((double) (deviceBytes - earlier.deviceBytes) / messages));
            json.put("flushes", JsonValue.of((double) (flushes - earlier.flushes) / messages));
        }
        return json.put("handedBytes", JsonValue.of((double) (handedBytes - earlier.handedBytes) / messages));
    }
}
