package network.conet.edge.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.dm.DependencyManager;
import org.osgi.service.deploymentadmin.DeploymentAdmin;
import org.osgi.service.event.EventAdmin;

/** Services in deployment packages (OSGi compendium, chapter 114), as Eclipse Kura installs what it is given. */
final class DeploymentPackages {
    private DeploymentPackages() {}

    /** The bundles that a framework needs for them. */
    static List<Path> bundles() {
        return Stream.of(EventAdmin.class, DependencyManager.class, DeploymentAdmin.class)
                .map(DeploymentPackages::jar).toList();
    }

    private static Path jar(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Installs a package with one service, or updates it to that. */
    static void install(TestFramework framework, String service, String version, byte[] bundle) throws Exception {
        String type = DeploymentAdmin.class.getName();
        framework.call(framework.service(type), type, "installDeploymentPackage",
                new ByteArrayInputStream(pack(service, version, bundle)));
    }

    private static byte[] pack(String service, String version, byte[] bundle) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("DeploymentPackage-SymbolicName", "package." + service);
        main.putValue("DeploymentPackage-Version", version);
        String file = service + ".jar";
        Attributes entry = new Attributes();
        entry.putValue("Bundle-SymbolicName", "conet.service." + service);
        entry.putValue("Bundle-Version", version);
        manifest.getEntries().put(file, entry);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(file));
            jar.write(bundle);
            jar.closeEntry();
        }
        return out.toByteArray();
    }
}
