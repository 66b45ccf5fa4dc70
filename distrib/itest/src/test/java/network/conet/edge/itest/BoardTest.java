package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code conet-board} sees and takes, on machines made of files as the kernel shows them. */
class BoardTest {
    private static final String DATA = "/srv/conet";

    @TempDir
    Path machine;
    private Path out;
    private String board = "aarch64";

    @BeforeEach
    void begin() throws IOException {
        out = machine.resolve("out");
        Files.createDirectories(machine.resolve("srv/conet"));
        memory(1024);
        mount("179:4 /srv ext4 /dev/mmcblk0p4 rw");
        card("mmcblk0", "SD", 4 << 20);
    }

    private void file(String path, String content) throws IOException {
        Path file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void deviceTree(String model, String... compatible) throws IOException {
        file("proc/device-tree/model", model + "\0");
        file("proc/device-tree/compatible", String.join("\0", compatible) + "\0");
    }

    private void memory(int mebibytes) throws IOException {
        file("proc/meminfo", "MemTotal:       " + mebibytes * 1024 + " kB\nMemFree: 1 kB\n");
    }

    /** @param mounts device number, place, type, source, options of the file system */
    private void mount(String... mounts) throws IOException {
        StringBuilder lines = new StringBuilder("20 1 0:2 / / rw - squashfs /dev/root ro\n");
        for (String mount : mounts) {
            String[] words = mount.split(" ");
            lines.append("30 20 ").append(words[0]).append(" / ").append(words[1]).append(" rw,noatime shared:1 - ")
                    .append(words[2]).append(' ').append(words[3]).append(' ').append(words[4]).append('\n');
        }
        file("proc/self/mountinfo", lines.toString());
    }

    /** A disk of the card reader with a fourth partition, whose number is 179:4. */
    private void card(String name, String type, int eraseBytes) throws IOException {
        String disk = "sys/devices/host/" + name;
        file(disk + "/device/type", type + "\n");
        file(disk + "/device/preferred_erase_size", eraseBytes + "\n");
        file(disk + "/" + name + "p4/partition", "4\n");
        link("sys/dev/block/179:4", disk + "/" + name + "p4");
    }

    private void link(String path, String target) throws IOException {
        Path link = machine.resolve(path);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, machine.resolve(target));
    }

    private String look(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                TestFramework.DISTRIBUTION.resolve("bin/conet-board").toString(), "--data", DATA, "--out",
                out.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CONET_SYSTEM_ROOT", machine.toString());
        builder.environment().put("CONET_MACHINE", board);
        builder.environment().remove("CONET_PROFILE");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + ": " + said.strip();
    }

    private String settings() throws IOException {
        return Files.readString(out.resolve("profile.conf"));
    }

    private String options() throws IOException {
        return Files.readString(out.resolve("jvm.options"));
    }

    private String warning() throws IOException {
        return Files.readString(out.resolve("warning"));
    }

    @Test
    void namesABoardByItsDeviceTreeAndSaysWhy() throws Exception {
        deviceTree("Raspberry Pi 4 Model B Rev 1.4", "raspberrypi,4-model-b", "brcm,bcm2711");
        memory(3791);
        assertEquals("0: pi-4 (this board): Raspberry Pi 4 Model B Rev 1.4, 3791 MiB of memory (settings for 3500); "
                + "data on an SD card (mmcblk0), erase blocks of 4096 KiB", look());
        assertTrue(options().contains("-Xmx512m\n"), options());
        assertTrue(settings().contains("storage.flash = sd\nstorage.segmentMiB = 4\n"), settings());
        assertEquals("", warning());
    }

    @ParameterizedTest
    @CsvSource({"849, -Xmx128m, true", "850, -Xmx128m, false", "1699, -Xmx128m, false", "1700, -Xmx256m, false",
        "3499, -Xmx256m, false", "3500, -Xmx512m, false"})
    void takesTheLastStepOfMemoryThatFits(int mebibytes, String heap, boolean isTooSmall) throws Exception {
        deviceTree("Raspberry Pi 4 Model B", "raspberrypi,4-model-b");
        memory(mebibytes);
        look();
        assertTrue(options().contains(heap + "\n"), options());
        assertEquals(isTooSmall, warning().contains("needs 850 MiB"), warning());
    }

    @Test
    void takesTheMemoryThatItsGroupMayUse() throws Exception {
        deviceTree("Raspberry Pi 4 Model B", "raspberrypi,4-model-b");
        memory(8000);
        file("proc/self/cgroup", "0::/system.slice/conet.service\n");
        file("sys/fs/cgroup/system.slice/conet.service/memory.max", (1023L << 20) + "\n");
        assertTrue(look().contains("8000 MiB of memory of which it may take 1023 (settings for 1700)"), look());
        file("sys/fs/cgroup/system.slice/conet.service/memory.max", (1024L << 20) + "\n");
        assertTrue(look().contains("8000 MiB of memory of which it may take 1024 (settings for 3500)"), look());
        assertEquals("", warning());
        file("sys/fs/cgroup/system.slice/conet.service/memory.max", (300L << 20) + "\n");
        assertTrue(look().contains("(settings for 850)"), look());
        assertTrue(warning().startsWith("the node may need 336 MiB and may take 300"), warning());
        file("sys/fs/cgroup/system.slice/conet.service/memory.max", "max\n");
        assertTrue(look().contains("8000 MiB of memory"));
    }

    @ParameterizedTest
    @CsvSource({"aarch64, 490, openwrt-aarch64-512m", "aarch64, 980, openwrt-aarch64-1g",
        "armv7l, 490, openwrt-armhf-512m", "x86_64, 2000, x86-64-mini"})
    void takesABoardThatNoProfileNamesByArchitectureAndMemory(String machineName, int mebibytes, String id)
            throws Exception {
        board = machineName;
        memory(mebibytes);
        assertTrue(look().startsWith("0: " + id + " (no profile names this board"), look());
    }

    @Test
    void startsWithTheSmallestSettingsWhereNothingFits() throws Exception {
        board = "riscv64";
        assertTrue(look().startsWith("0: none (no profile for riscv64 with 1024 MiB; the smallest settings)"));
        assertEquals("", options());
        assertEquals("storage.flash = sd\n", settings());
        assertTrue(warning().startsWith("No profile suits this machine"), warning());
    }

    @Test
    void doesWhatItIsTold() throws Exception {
        deviceTree("Raspberry Pi 4 Model B", "raspberrypi,4-model-b");
        assertTrue(look("--profile", "pi-zero-2w").startsWith("0: pi-zero-2w (as was asked for)"));
        assertTrue(look("--profile", "none").startsWith("0: none (no profile, as was asked for)"));
        assertEquals("", warning());
        assertEquals("78: conet-board: there is no profile pi-7 in "
                + TestFramework.DISTRIBUTION.resolve("profiles"), look("--profile", "pi-7"));
    }

    @ParameterizedTest
    @CsvSource({"SD, 4194304, sd, 4", "SD, 8388608, sd, 8", "SD, 16777216, sd, 16", "SD, 33554432, sd, 4",
        "MMC, 524288, emmc, 8", "MMC, 16777216, emmc, 16"})
    void writesInSegmentsNotSmallerThanTheEraseBlocks(String type, int eraseBytes, String kind, int segment)
            throws Exception {
        deviceTree("Raspberry Pi 4 Model B", "raspberrypi,4-model-b");
        card("mmcblk0", type, eraseBytes);
        look();
        assertTrue(settings().endsWith("storage.flash = " + kind + "\nstorage.segmentMiB = " + segment + "\n"),
                settings());
    }

    @Test
    void seesRawFlashBelowTheOverlayOfARouter() throws Exception {
        deviceTree("OpenWrt One", "openwrt,one", "mediatek,mt7981b");
        mount("0:30 /overlay ubifs /dev/ubi0_1 rw",
                "0:31 / overlay overlayfs:/overlay rw,lowerdir=/,upperdir=/overlay/up");
        file("sys/class/ubi/ubi0/eraseblock_size", "126976\n");
        assertTrue(look().endsWith("data on raw flash (ubi0_1), erase blocks of 124 KiB"), look());
        assertTrue(settings().contains("storage.quotaMiB = 48\n"), settings());
        assertTrue(settings().contains("storage.flash = nand\nstorage.segmentMiB = 2\n"), settings());
    }

    @Test
    void seesTheDiskBelowALoopDevice() throws Exception {
        deviceTree("GL.iNet GL-MT6000", "glinet,gl-mt6000");
        mount("7:0 /srv f2fs /dev/loop0 rw");
        card("mmcblk0", "MMC", 524_288);
        file("sys/devices/virtual/loop0/loop/backing_file", "/mmcblk0p4\n");
        link("sys/dev/block/7:0", "sys/devices/virtual/loop0");
        link("sys/class/block/mmcblk0p4", "sys/devices/host/mmcblk0/mmcblk0p4");
        assertTrue(look().contains("data on eMMC (mmcblk0)"), look());
        assertTrue(settings().contains("storage.quotaMiB = 1024\n"), settings());
    }

    @ParameterizedTest
    @CsvSource({"nvme0n1, 0, nvme, a solid state disk", "sda, 0, nvme, a disk", "sda, 1, sd, a USB stick"})
    void tellsDisksFromSticks(String name, int removable, String kind, String words) throws Exception {
        deviceTree("Raspberry Pi 5 Model B", "raspberrypi,5-model-b");
        mount("8:1 /srv ext4 /dev/x rw");
        file("sys/devices/pci/" + name + "/removable", removable + "\n");
        file("sys/devices/pci/" + name + "/part/partition", "1\n");
        link("sys/dev/block/8:1", "sys/devices/pci/" + name + "/part");
        assertTrue(look().contains("data on " + words + " (" + name + ")"), look());
        assertTrue(settings().contains("storage.flash = " + kind + "\n"), settings());
    }

    @Test
    void warnsWhenTheDataWouldBeLost() throws Exception {
        mount("0:40 /srv tmpfs tmpfs rw");
        look();
        assertTrue(warning().startsWith("The data directory " + DATA + " lies in memory"), warning());
    }

    @Test
    void needsNothingButMemory() throws Exception {
        Files.delete(machine.resolve("proc/self/mountinfo"));
        assertTrue(look().startsWith("0: openwrt-aarch64-1g"), look());
        assertTrue(settings().contains("storage.flash = nand\n"), "what the profile says of it");
    }
}
