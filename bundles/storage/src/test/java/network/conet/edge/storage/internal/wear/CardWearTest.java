package network.conet.edge.storage.internal.wear;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import network.conet.edge.storage.internal.wear.CardWear.Reading;
import network.conet.edge.storage.internal.wear.CardWear.Reserve;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees like the kernel's of the boards that we know. */
class CardWearTest {
    private static final String SD = "sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/";
    private static final String EMMC = "sys/devices/platform/soc/11230000.mmc/mmc_host/mmc0/mmc0:0001/";
    private static final String NVME = "sys/devices/pci0000:00/0000:00:06.0/0000:01:00.0/nvme/nvme0/nvme0n1/";

    @TempDir
    Path root;

    @BeforeEach
    void mailbox() throws IOException {
        Files.createDirectories(root.resolve("data/mailbox"));
        mounts("25 1 179:2 / / rw,noatime - ext4 /dev/root rw");
    }

    private CardWear card() {
        return new CardWear(Path.of("/data/mailbox"), root, 1000);
    }

    private void mounts(String... lines) throws IOException {
        write("proc/self/mountinfo", String.join("\n", lines) + "\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void link(String link, String target) throws IOException {
        Path path = root.resolve(link);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, path.getParent().relativize(root.resolve(target)));
    }

    /** A disk with a partition, as the kernel lays it out. */
    private void disk(String disk, String partition, String device) throws IOException {
        write(disk + "/" + partition + "/partition", "2\n");
        link("sys/dev/block/" + device, disk + "/" + partition);
        link("sys/class/block/" + partition, disk + "/" + partition);
    }

    private void card(String card, String type) throws IOException {
        disk(card + "block/mmcblk0", "mmcblk0p2", "179:2");
        link(card + "block/mmcblk0/device", card);
        write(card + "type", type + "\n");
    }

    private void emmc(String lifeTime, String preEol) throws IOException {
        if (!Files.exists(root.resolve(EMMC))) {
            card(EMMC, "MMC");
        }
        write(EMMC + "life_time", lifeTime);
        write(EMMC + "pre_eol_info", preEol);
    }

    private void ubi(String maxErases, String bad, String spare) throws IOException {
        write("sys/class/ubi/ubi0/max_ec", maxErases + "\n");
        write("sys/class/ubi/ubi0/bad_peb_count", bad + "\n");
        write("sys/class/ubi/ubi0/reserved_for_bad", spare + "\n");
    }

    private int used() {
        return card().read().orElseThrow().usedPercentMax();
    }

    private Reserve reserve() {
        return card().read().orElseThrow().reserve();
    }

    @Test
    void sdCardOfPiIsNamedAndSaysNothing() throws IOException {
        card(SD, "SD");
        assertEquals(FlashKind.SD, card().kind());
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void emmcOfRouterSaysTheWorseOfItsTwoAreas() throws IOException {
        emmc("0x02 0x01\n", "0x01\n");
        assertEquals(FlashKind.EMMC, card().kind());
        assertEquals(Optional.of(new Reading("eMMC mmcblk0", 20, Reserve.NORMAL,
                "10 to 20 % of its rated life used, enough spare blocks")), card().read());
        emmc("0x01 0x08\n", "0x02\n");
        assertEquals(Optional.of(new Reading("eMMC mmcblk0", 80, Reserve.LOW,
                "70 to 80 % of its rated life used, 80 % of its spare blocks used")), card().read());
    }

    @Test
    void emmcPastItsLifeIsTold() throws IOException {
        emmc("0x0a 0x01\n", "0x01\n");
        assertEquals(100, used());
        emmc("0x0A 0x0B\n", "03\n");
        assertEquals(Optional.of(new Reading("eMMC mmcblk0", CardWear.EXCEEDED, Reserve.URGENT,
                "that it is past its rated life, nearly all of its spare blocks used")), card().read());
    }

    @Test
    void undefinedFiguresAreNone() throws IOException {
        emmc("0x00 0x03\n", "0x00\n");
        assertEquals(Optional.of(new Reading("eMMC mmcblk0", 30, Reserve.UNKNOWN,
                "20 to 30 % of its rated life used")), card().read());
        emmc("0x00 0x00\n", "0x01\n");
        assertEquals(Optional.of(new Reading("eMMC mmcblk0", CardWear.UNKNOWN, Reserve.NORMAL,
                "no figure for its life, enough spare blocks")), card().read());
        emmc("0x0c 0xff\n", "0x04\n");
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void garbageAndMissingFilesAreNone() throws IOException {
        for (String garbage : new String[] {"", "\n", "2x", "0x02 0x01 0x01", "-1 2", "\0\0\0\0", "\u20ac \u20ac"}) {
            emmc(garbage, garbage);
            assertEquals(Optional.empty(), card().read(), garbage);
        }
        Files.delete(root.resolve(EMMC + "life_time"));
        Files.delete(root.resolve(EMMC + "pre_eol_info"));
        assertEquals(Optional.empty(), card().read());
        Files.createDirectory(root.resolve(EMMC + "life_time"));
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void attributeIsReadExactlyUpToItsBound() throws IOException {
        emmc("0x02 0x01" + " ".repeat(4096 - 9), "");
        assertEquals(20, used());
        emmc("0x02 0x01" + " ".repeat(4097 - 9), "");
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void ubiOfRouterIsComparedWithItsRating() throws IOException {
        mounts("20 1 0:12 / / rw - squashfs /dev/root rw", "30 20 0:18 / /data rw - ubifs ubi0:data rw");
        ubi("799", "2", "18");
        assertEquals(FlashKind.NAND, card().kind());
        assertEquals(Optional.of(new Reading("UBI ubi0", 80, Reserve.NORMAL,
                "799 of 1000 rated erases of its most used block, 2 bad blocks and 18 spare ones")), card().read());
        ubi("790", "2", "18");
        assertEquals(79, used());
        ubi("1000", "2", "18");
        assertEquals(100, used());
        ubi("1001", "2", "18");
        assertEquals(101, used());
        ubi("999999999999999999", "2", "18");
        assertEquals(999, used());
        assertEquals(Optional.of(new Reading("UBI ubi0", CardWear.UNKNOWN, Reserve.NORMAL,
                "999999999999999999 erases of its most used block, 2 bad blocks and 18 spare ones")),
                new CardWear(Path.of("/data/mailbox"), root, 0).read());
    }

    @Test
    void ubiWithoutSpareBlocksIsLowOnlyWhenBlocksWentBad() throws IOException {
        mounts("30 20 0:18 / / rw - ubifs ubi0:data rw");
        ubi("1", "0", "0");
        assertEquals(Reserve.NORMAL, reserve());
        ubi("1", "1", "0");
        assertEquals(Reserve.LOW, reserve());
        ubi("1", "1", "1");
        assertEquals(Reserve.NORMAL, reserve());
        ubi("1", "x", "1");
        assertEquals(Reserve.UNKNOWN, reserve());
        ubi("1e3", "1", "1");
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void ubiVolumesAreFoundByEachOfTheirNames() throws IOException {
        ubi("10", "0", "20");
        for (String source : new String[] {"ubi0:data", "ubi0_1", "/dev/ubi0_1", "ubi:data", "ubi!data", "ubi0"}) {
            mounts("30 20 0:18 / / rw - ubifs " + source + " rw");
            assertEquals(1, used(), source);
        }
        for (String source : new String[] {"ubi1_0", "ubi/../ubi0", "ubi0/../ubi0", "ubifs", "none"}) {
            mounts("30 20 0:18 / / rw - ubifs " + source + " rw");
            assertEquals(Optional.empty(), card().read(), source);
        }
    }

    @Test
    void overlayOfRouterIsFollowedToWhereItWrites() throws IOException {
        mounts("20 1 31:5 / /rom ro - squashfs /dev/root ro",
                "21 1 0:18 / /overlay rw - ubifs /dev/ubi0_1 rw,ubi=0,vol=1",
                "22 1 0:19 / / rw - overlay overlayfs:/overlay rw,lowerdir=/,upperdir=/overlay/upper,workdir=/w");
        ubi("10", "0", "20");
        assertEquals(1, used());
        mounts("22 1 0:19 / / rw - overlay overlay rw,lowerdir=/,upperdir=/upper");
        assertEquals(FlashKind.OTHER, card().kind(), "an overlay of itself");
        mounts("22 1 0:19 / / rw - overlay overlay ro,lowerdir=/a:/b");
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void loopDeviceIsFollowedToItsPartition() throws IOException {
        emmc("0x03 0x03", "0x01");
        mounts("25 1 7:0 / / rw - f2fs /dev/loop0 rw");
        link("sys/dev/block/7:0", "sys/devices/virtual/block/loop0");
        for (String backing : new String[] {"/mmcblk0p2\n", "/dev/mmcblk0p2\n"}) {
            write("sys/devices/virtual/block/loop0/loop/backing_file", backing);
            assertEquals(30, used());
        }
        for (String backing : new String[] {"/data/mmcblk0p2\n", "/dev/\n", "/dev/loop9", "x", "/\0"}) {
            write("sys/devices/virtual/block/loop0/loop/backing_file", backing);
            assertEquals(FlashKind.OTHER, card().kind());
        }
    }

    @Test
    void loopDeviceOnItselfEnds() throws IOException {
        mounts("25 1 7:0 / / rw - f2fs /dev/loop0 rw");
        link("sys/dev/block/7:0", "sys/devices/virtual/block/loop0");
        link("sys/class/block/loop0", "sys/devices/virtual/block/loop0");
        write("sys/devices/virtual/block/loop0/loop/backing_file", "/dev/loop0");
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void nvmeOfMiniComputerIsNamedAndSaysNothing() throws IOException {
        disk(NVME, "nvme0n1p2", "259:2");
        mounts("25 1 259:2 / / rw shared:1 master:2 - ext4 /dev/nvme0n1p2 rw");
        assertEquals(FlashKind.NVME, card().kind());
        assertEquals(Optional.empty(), card().read());
    }

    @Test
    void wholeDiskIsNamedAsItsPartitionIs() throws IOException {
        emmc("0x04 0x01", "0x01");
        mounts("25 1 179:0 / / rw - ext4 /dev/mmcblk0 rw");
        link("sys/dev/block/179:0", EMMC + "block/mmcblk0");
        assertEquals(40, used());
    }

    @Test
    void mappedDeviceIsItsOneDiskAndOverTwoNone() throws IOException {
        disk(NVME, "nvme0n1p3", "259:3");
        mounts("25 1 252:0 / / rw - ext4 /dev/mapper/root rw");
        link("sys/dev/block/252:0", "sys/devices/virtual/block/dm-0");
        link("sys/devices/virtual/block/dm-0/slaves/nvme0n1p3", NVME + "nvme0n1p3");
        assertEquals(FlashKind.NVME, card().kind());
        link("sys/devices/virtual/block/dm-0/slaves/nvme0n1p4", NVME + "nvme0n1p3");
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void fileSystemWithDeviceNumberOfItsOwnIsFoundByItsSource() throws IOException {
        emmc("0x05 0x01", "0x01");
        mounts("25 1 0:31 /@ / rw - btrfs /dev/mmcblk0p2 rw,subvol=/@");
        assertEquals(50, used());
        mounts("25 1 0:31 / / rw - tmpfs tmpfs rw");
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void mountIsTheLongestAboveAndTheLatestOfTwo() throws IOException {
        emmc("0x02 0x02", "0x01");
        String emmc = " rw - ext4 /dev/mmcblk0p2 rw";
        String memory = " rw - tmpfs tmpfs rw";
        mounts("1 1 179:2 / /data" + emmc, "2 1 0:9 / /" + memory, "3 1 0:9 / /dat" + memory,
                "4 1 0:9 / /data/mail" + memory, "5 1 0:9 / /data/mailbox2" + memory);
        assertEquals(FlashKind.EMMC, card().kind());
        mounts("1 1 179:2 / /data" + emmc, "2 1 0:9 / /data" + memory);
        assertEquals(FlashKind.OTHER, card().kind());
        mounts("1 1 0:9 / /data" + memory, "2 1 179:2 / /data" + emmc);
        assertEquals(FlashKind.EMMC, card().kind());
        mounts("1 1 0:9 / /data" + memory, "2 1 179:2 / /data/mailbox" + emmc);
        assertEquals(FlashKind.EMMC, card().kind());
    }

    @Test
    void escapedMountPointsAndLinkedDirectoriesAreUnderstood() throws IOException {
        emmc("0x02 0x02", "0x01");
        Files.createDirectories(root.resolve("my card/mailbox"));
        link("box", "my card/mailbox");
        mounts("1 1 179:2 / /my\\040card rw - ext4 /dev/mmcblk0p2 rw");
        assertEquals(FlashKind.EMMC, new CardWear(Path.of("/box"), root, 0).kind());
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void listOfMountsThatIsGarbageOrTooLargeIsNone() throws IOException {
        emmc("0x02 0x02", "0x01");
        String good = "25 1 179:2 / / rw,noatime - ext4 /dev/root rw";
        mounts("-", "- - -", "25 1 ../.. / / rw - ext4 x rw", "25 1 179:2 / / rw -", "\0", "1 ".repeat(50_000), good);
        assertEquals(FlashKind.EMMC, card().kind());
        mounts("x".repeat(256 * 1024), good);
        assertEquals(FlashKind.OTHER, card().kind());
        Files.delete(root.resolve("proc/self/mountinfo"));
        assertEquals(FlashKind.OTHER, card().kind());
    }

    @Test
    void missingDirectoryAndMissingTreeAreNone() throws IOException {
        emmc("0x02 0x02", "0x01");
        assertEquals(Optional.empty(), new CardWear(Path.of("/data/none"), root, 0).read());
        assertEquals(Optional.empty(), new CardWear(Path.of("/data"), root.resolve("none"), 0).read());
        assertEquals(FlashKind.OTHER, new CardWear(Path.of("/data"), root.resolve("none"), 0).kind());
    }

    @Test
    void realTreeOfThisMachineIsReadWithoutFailure() {
        CardWear real = new CardWear(Path.of(""), Path.of("/"), 0);
        assertEquals(real.kind(), real.kind());
        assertEquals(real.read(), real.read());
    }
}
