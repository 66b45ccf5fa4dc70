package network.conet.edge.storage.internal.wear;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel tells of the wear of the medium under a directory, read from {@code /proc} and {@code /sys}
 * without privilege. Each call reads files, a few small ones and the list of mounts: about once an hour, not
 * while mail waits. What is missing, unreadable, too large or not understood gives an empty answer, never an
 * exception. Safe for use by many threads.
 *
 * <table>
 * <caption>Sources</caption>
 * <tr><td>eMMC</td><td>{@code life_time} in steps of 10 % and {@code pre_eol_info} (JEDEC EXT_CSD); kernels
 *     may show what they read when the system started</td></tr>
 * <tr><td>UBI</td><td>{@code max_ec}, {@code bad_peb_count}, {@code reserved_for_bad} (ABI/stable/sysfs-class-ubi)
 *     </td></tr>
 * <tr><td>SD card</td><td>nothing: the attributes above are of eMMC only</td></tr>
 * <tr><td>NVMe</td><td>nothing: its health log, with the percentage used, is answered to an ioctl only; the
 *     attributes that Linux' {@code drivers/nvme/host/sysfs.c} makes are names, states and error counts</td></tr>
 * </table>
 *
 * <p>Overlays are followed to their upper directory, device mapper to its one disk, and loop devices to the
 * partition behind them (OpenWrt on eMMC). A mapping over several disks has no answer.
 */
public final class CardWear {
    /** {@link Reading#usedPercentMax()} of a medium that gives no such figure. */
    public static final int UNKNOWN = -1;

    /** {@link Reading#usedPercentMax()} of an eMMC that says that it is past its rated life. */
    static final int EXCEEDED = 101;

    private static final int ATTRIBUTE_BYTES_MAX = 4096;
    private static final int MOUNTS_BYTES_MAX = 256 * 1024;
    private static final int HOPS_MAX = 4;
    private static final int LEVEL_EXCEEDED = 0x0B;
    private static final int PERCENT_MAX = 999;

    private static final Pattern DEVICE = Pattern.compile("\\d{1,9}:\\d{1,9}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7]{2})");
    private static final Pattern UPPER = Pattern.compile("(?:.*,)?upperdir=([^,]+)(?:,.*)?");
    private static final Pattern UBI = Pattern.compile("(?:/dev/)?ubi(\\d{0,3})(?:[:!_].*)?");
    private static final Pattern LIFE_TIME =
            Pattern.compile("(?:0[xX])?([0-9a-fA-F]{1,2})\\s+(?:0[xX])?([0-9a-fA-F]{1,2})");
    private static final Pattern PRE_EOL = Pattern.compile("(?:0[xX])?0?([1-3])");
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private final Path directory;
    private final Path root;
    private final long ratedErases;

    /**
     * What a medium says of itself.
     *
     * @param source which one, {@code eMMC mmcblk0}
     * @param usedPercentMax of its rated life, at most; more than 100 when it is past it; {@link #UNKNOWN}
     * @param reserve its spare blocks
     * @param text for operators, follows {@code reports}
     */
    public record Reading(String source, int usedPercentMax, Reserve reserve, String text) {}

    /** Blocks that stand in for broken ones. */
    public enum Reserve {
        /** The medium does not say. */
        UNKNOWN,
        /** Enough. */
        NORMAL,
        /** eMMC: 80 % are used. UBI: none is left. */
        LOW,
        /** eMMC: nearly all are used; it may turn read-only. */
        URGENT
    }

    private record Medium(FlashKind kind, String name, Path files) {}

    private record Mount(String device, String point, String type, String source, String options) {}

    /**
     * @param directory where the mailbox is; may be missing until it is asked for
     * @param root {@code /}, or in tests a tree that stands for it
     * @param ratedErases of a block of raw flash; 0 when unknown
     */
    public CardWear(Path directory, Path root, long ratedErases) {
        this.directory = directory;
        this.root = root;
        this.ratedErases = ratedErases;
    }

    /** What the medium is. */
    public FlashKind kind() {
        Medium medium = medium();
        return medium == null ? FlashKind.OTHER : medium.kind;
    }

    /** What the medium says of its wear; empty when it says nothing. */
    public Optional<Reading> read() {
        Medium medium = medium();
        if (medium == null) {
            return Optional.empty();
        }
        return switch (medium.kind) {
            case EMMC -> readEmmc(medium);
            case NAND -> readUbi(medium);
            default -> Optional.empty();
        };
    }

    private static Optional<Reading> readEmmc(Medium medium) {
        Matcher life = LIFE_TIME.matcher(text(medium.files.resolve("device/life_time"), ATTRIBUTE_BYTES_MAX));
        Matcher eol = PRE_EOL.matcher(text(medium.files.resolve("device/pre_eol_info"), ATTRIBUTE_BYTES_MAX));
        int level = life.matches() ? Math.max(level(life.group(1)), level(life.group(2))) : 0;
        Reserve reserve = switch (eol.matches() ? eol.group(1) : "") {
            case "1" -> Reserve.NORMAL;
            case "2" -> Reserve.LOW;
            case "3" -> Reserve.URGENT;
            default -> Reserve.UNKNOWN;
        };
        if (level == 0 && reserve == Reserve.UNKNOWN) {
            return Optional.empty();
        }
        String used = switch (level) {
            case 0 -> "no figure for its life";
            case LEVEL_EXCEEDED -> "that it is past its rated life";
            default -> (level - 1) * 10 + " to " + level * 10 + " % of its rated life used";
        };
        String spare = switch (reserve) {
            case UNKNOWN -> "";
            case NORMAL -> ", enough spare blocks";
            case LOW -> ", 80 % of its spare blocks used";
            case URGENT -> ", nearly all of its spare blocks used";
        };
        int percent = level == 0 ? UNKNOWN : level == LEVEL_EXCEEDED ? EXCEEDED : level * 10;
        return Optional.of(new Reading("eMMC " + medium.name, percent, reserve, used + spare));
    }

    /** 1..11; 0 when the area has no figure or one that is not defined. */
    private static int level(String hex) {
        int level = Integer.parseInt(hex, 16);
        return level <= LEVEL_EXCEEDED ? level : 0;
    }

    private Optional<Reading> readUbi(Medium medium) {
        long erases = count(medium.files.resolve("max_ec"));
        long bad = count(medium.files.resolve("bad_peb_count"));
        long spare = count(medium.files.resolve("reserved_for_bad"));
        if (erases < 0) {
            return Optional.empty();
        }
        boolean isRated = ratedErases > 0;
        int percent = isRated ? (int) Math.min(PERCENT_MAX, Math.ceil(erases * 100.0 / ratedErases)) : UNKNOWN;
        Reserve reserve = bad < 0 || spare < 0 ? Reserve.UNKNOWN
                : bad > 0 && spare == 0 ? Reserve.LOW : Reserve.NORMAL;
        return Optional.of(new Reading("UBI " + medium.name, percent, reserve,
                erases + (isRated ? " of " + ratedErases + " rated" : "") + " erases of its most used block"
                        + (reserve == Reserve.UNKNOWN ? "" : ", " + bad + " bad blocks and " + spare + " spare ones")));
    }

    /** The medium under the directory, null when it cannot be found. */
    private Medium medium() {
        try {
            Path real = root.toRealPath();
            String inside = directory.toAbsolutePath().normalize().toString().substring(1);
            return ofPath("/" + real.relativize(real.resolve(inside).toRealPath()), HOPS_MAX);
        } catch (IOException | InvalidPathException | DirectoryIteratorException | SecurityException unreadable) {
            return null;
        }
    }

    private Medium ofPath(String path, int hops) throws IOException {
        Mount mount = mountOf(path);
        if (mount == null || hops == 0) {
            return null;
        }
        Matcher upper = UPPER.matcher(mount.options);
        if (mount.type.equals("overlay")) {
            return upper.matches() ? ofPath(unescape(upper.group(1)), hops - 1) : null;
        }
        Matcher ubi = UBI.matcher(mount.source);
        if (mount.type.equals("ubifs")) {
            String name = ubi.matches() ? "ubi" + (ubi.group(1).isEmpty() ? "0" : ubi.group(1)) : null;
            return name == null ? null : new Medium(FlashKind.NAND, name, root.resolve("sys/class/ubi/" + name));
        }
        Path device = root.resolve("sys/dev/block/" + mount.device);
        return Files.exists(device) ? ofDevice(device, hops - 1) : ofDeviceFile(mount.source, hops - 1);
    }

    /** btrfs has a device number of its own, and loop devices name what is behind them. */
    private Medium ofDeviceFile(String file, int hops) throws IOException {
        int slash = file.lastIndexOf('/');
        boolean isDevice = slash == 0 || file.substring(0, Math.max(0, slash)).equals("/dev");
        String name = file.substring(slash + 1);
        return isDevice && !name.isEmpty() ? ofDevice(root.resolve("sys/class/block").resolve(name), hops) : null;
    }

    private Medium ofDevice(Path device, int hops) throws IOException {
        if (hops == 0) {
            return null;
        }
        Path disk = device.toRealPath();
        if (Files.exists(disk.resolve("partition"))) {
            disk = disk.getParent();
        }
        String name = disk.getFileName().toString();
        String backing = text(disk.resolve("loop/backing_file"), ATTRIBUTE_BYTES_MAX);
        if (!backing.isEmpty()) {
            return ofDeviceFile(backing, hops - 1);
        }
        Path slaves = disk.resolve("slaves");
        if (Files.isDirectory(slaves)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(slaves)) {
                Iterator<Path> each = entries.iterator();
                Path first = each.hasNext() ? each.next() : null;
                if (first != null) {
                    return each.hasNext() ? null : ofDevice(first, hops - 1);
                }
            }
        }
        return new Medium(kind(disk, name), name, disk);
    }

    private static FlashKind kind(Path disk, String name) {
        if (name.startsWith("nvme")) {
            return FlashKind.NVME;
        }
        return switch (text(disk.resolve("device/type"), ATTRIBUTE_BYTES_MAX)) {
            case "MMC" -> FlashKind.EMMC;
            case "SD", "SDcombo" -> FlashKind.SD;
            default -> FlashKind.OTHER;
        };
    }

    /** The mount with the longest point above the path; of two on one point the later hides the earlier. */
    private Mount mountOf(String path) {
        Mount best = null;
        for (String line : text(root.resolve("proc/self/mountinfo"), MOUNTS_BYTES_MAX).split("\n")) {
            // Identifiers, device, root, mount point, options, optional fields, dash, type, source, options.
            List<String> fields = List.of(line.split(" ", -1));
            int dash = fields.indexOf("-");
            if (dash < 6 || fields.size() < dash + 4 || !DEVICE.matcher(fields.get(2)).matches()) {
                continue;
            }
            String point = unescape(fields.get(4));
            boolean isAbove = point.equals("/") || path.equals(point) || path.startsWith(point + "/");
            if (isAbove && (best == null || point.length() >= best.point.length())) {
                best = new Mount(fields.get(2), point, fields.get(dash + 1), unescape(fields.get(dash + 2)),
                        fields.get(dash + 3));
            }
        }
        return best;
    }

    /** The kernel writes blanks and the like as a backslash and three octal digits. */
    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    private static long count(Path file) {
        String text = text(file, ATTRIBUTE_BYTES_MAX);
        return COUNT.matcher(text).matches() ? Long.parseLong(text) : UNKNOWN;
    }

    /** The whole of a regular file without blanks around; empty when it cannot be read or is larger. */
    private static String text(Path file, int bytesMax) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            return bytes.length > bytesMax ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException | SecurityException unreadable) {
            return "";
        }
    }
}
