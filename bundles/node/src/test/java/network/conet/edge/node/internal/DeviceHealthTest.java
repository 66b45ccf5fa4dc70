package network.conet.edge.node.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.HealthItem.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceHealthTest {
    @TempDir
    Path directory;

    private void seen(String device, String warning) throws IOException {
        Files.writeString(directory.resolve("device"), device + "\n");
        Files.writeString(directory.resolve("warning"), warning);
    }

    @Test
    void tellsWhichProfileWasTaken() throws IOException {
        seen("pi-4 (this board): a board", "");
        assertEquals(List.of(new HealthItem("node.device", Severity.OK, "Device profile pi-4 (this board): a board.",
                "")), DeviceHealth.read(directory));
    }

    @Test
    void warnsOfWhatDoesNotFit() throws IOException {
        seen("none: a toaster", "Too small. ");
        HealthItem item = DeviceHealth.read(directory).get(0);
        assertEquals(Severity.WARNING, item.severity());
        assertEquals("Device profile none: a toaster. Too small.", item.title());
    }

    @Test
    void saysNothingWhereNobodyLooked() {
        assertEquals(List.of(), DeviceHealth.read(directory));
    }

    @Test
    void saysThatItCannotRead() throws IOException {
        Files.writeString(directory.resolve("device"), "pi-4");
        assertEquals(Severity.WARNING, DeviceHealth.read(directory).get(0).severity());
    }
}
