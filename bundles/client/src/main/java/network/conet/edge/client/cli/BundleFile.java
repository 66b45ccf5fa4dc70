package network.conet.edge.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.ServiceBundle;

/** Reads a packed service. */
final class BundleFile {
    private BundleFile() {}

    static ServiceBundle read(Path file) throws ClientException {
        try (var in = Files.newInputStream(file)) {
            return ServiceBundle.ofJar(in.readNBytes(ServiceBundle.BYTES_MAX + 1));
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, file + " cannot be read: " + failed.getMessage());
        } catch (RefusedException refused) {
            throw new ClientException(Kind.SETUP, file + " is no service: " + refused.getMessage());
        }
    }
}
