package network.conet.edge.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.HealthItem.Severity;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Tells which device profile was taken and why, as {@code conet-board} wrote it down before this process began. */
@Component
public final class DeviceHealth implements HealthCheck {
    private static final String CODE = "node.device";

    private final List<HealthItem> items;

    /** Called by the component runtime. */
    @Activate
    public DeviceHealth(BundleContext context) {
        String run = context.getProperty(StatusFile.DIRECTORY_PROPERTY);
        items = run == null ? List.of() : read(Path.of(run).resolve("device"));
    }

    static List<HealthItem> read(Path directory) {
        Path seen = directory.resolve("device");
        if (!Files.exists(seen)) {
            return List.of();
        }
        try {
            String title = "Device profile " + Files.readString(seen).strip() + ".";
            String warning = Files.readString(directory.resolve("warning")).strip();
            return List.of(warning.isEmpty()
                    ? new HealthItem(CODE, Severity.OK, title, "")
                    : new HealthItem(CODE, Severity.WARNING, title + " " + warning,
                            "Take other hardware, another data directory, or name a profile (CONET_PROFILE)."));
        } catch (IOException unreadable) {
            return List.of(new HealthItem(CODE, Severity.WARNING,
                    "What was seen of this device cannot be read: " + unreadable.getMessage() + ".", ""));
        }
    }

    @Override
    public List<HealthItem> check() {
        return items;
    }
}
