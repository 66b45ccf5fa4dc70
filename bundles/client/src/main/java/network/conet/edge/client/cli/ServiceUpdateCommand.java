package network.conet.edge.client.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service update}. */
@Command(name = "update", mixinStandardHelpOptions = true,
        description = "Installs a service; its other versions go when it has proven itself.")
final class ServiceUpdateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Parameters(index = "0", paramLabel = "FILE", description = "The packed service, NAME.conet")
    private Path file;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        OnNode.Connected node = on.connect(settings);
        JsonValue outcome = node.services().install(node.node(), BundleFile.read(file), true);
        OnNode.requireOk(outcome);
        settings.print(spec.commandLine().getOut(), outcome, outcome.string("service").orElse("?") + " "
                + outcome.string("version").orElse("?") + " serves");
        return 0;
    }
}
