package network.conet.edge.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.service.ServiceBundle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet service pack}. */
@Command(name = "pack", mixinStandardHelpOptions = true,
        description = "Packs a service for nodes and signs it with your wallet.")
final class ServicePackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Option(names = "--directory", paramLabel = "DIR", defaultValue = ".",
            description = "Of the service; default: here")
    private Path directory;

    @Option(names = "--unsigned", description = "Do not sign; only nodes in development mode take it")
    private boolean isUnsigned;

    @Override
    public Integer call() throws ClientException {
        ServiceBundle bundle = ServiceProject.bundle(directory);
        if (!isUnsigned) {
            Wallet wallet = settings.identity().wallet();
            bundle = bundle.with(
                    new ServiceBundle.Signed(wallet.address(), wallet.signPersonal(bundle.signedText())));
        }
        Path file = directory.resolve(bundle.manifest().name() + "-" + bundle.manifest().version()
                + ServiceBundle.FILE_ENDING);
        try {
            Files.write(file, bundle.toJar());
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, file + " cannot be written: " + failed.getMessage());
        }
        settings.print(spec.commandLine().getOut(),
                JsonValue.object().put("file", file.toString()).put("digest", bundle.digest()).build(),
                file + " is made, digest " + bundle.digest());
        return 0;
    }
}
