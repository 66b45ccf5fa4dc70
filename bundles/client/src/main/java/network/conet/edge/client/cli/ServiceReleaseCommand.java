package network.conet.edge.client.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.service.ServiceCommands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service release}. */
@Command(name = "release", mixinStandardHelpOptions = true,
        description = "Lets a service serve again that was shut off after too many faults.")
final class ServiceReleaseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Which service")
    private String service;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        OnNode.Connected node = on.connect(settings);
        JsonValue outcome = node.services().manage(node.node(), ServiceCommands.RELEASE,
                Map.of("service", JsonValue.of(OnNode.name(service).text())));
        OnNode.requireOk(outcome);
        settings.print(spec.commandLine().getOut(), outcome, service + " serves again");
        return 0;
    }
}
