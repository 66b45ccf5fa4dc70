package network.conet.edge.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.ServiceBundle;

/** The directory of a service that is being made: {@code service.json} and {@code service.wasm}. */
final class ServiceProject {
    private ServiceProject() {}

    /** What the directory makes, not signed. */
    static ServiceBundle bundle(Path directory) throws ClientException {
        byte[] manifest = read(directory.resolve("service.json"));
        byte[] wasm = read(directory.resolve(ServiceBundle.MODULE));
        try {
            return ServiceBundle.of(manifest, wasm);
        } catch (RefusedException refused) {
            throw new ClientException(Kind.SETUP, "service.json: " + refused.getMessage());
        }
    }

    private static byte[] read(Path file) throws ClientException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(ServiceBundle.BYTES_MAX + 1);
            if (bytes.length > ServiceBundle.BYTES_MAX) {
                throw new ClientException(Kind.SETUP, file + " has more than " + ServiceBundle.BYTES_MAX + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException absent) {
            throw new ClientException(Kind.SETUP, file + " is not there; is this a service, and built?");
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, file + " cannot be read: " + failed.getMessage());
        }
    }
}
