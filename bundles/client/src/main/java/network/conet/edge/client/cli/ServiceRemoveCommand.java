package network.conet.edge.client.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.service.ServiceCommands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service remove}. */
@Command(name = "remove", mixinStandardHelpOptions = true,
        description = "Removes a service from a node. Its state stays there.")
final class ServiceRemoveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Which service")
    private String service;

    @Option(names = "--version-of", paramLabel = "VERSION", description = "Only this version; default: all")
    private String version;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("service", JsonValue.of(OnNode.name(service).text()));
        OnNode.version(version).ifPresent(wanted -> members.put("version", JsonValue.of(wanted.toString())));
        OnNode.Connected node = on.connect(settings);
        JsonValue outcome = node.services().manage(node.node(), ServiceCommands.REMOVE, members);
        OnNode.requireOk(outcome);
        settings.print(spec.commandLine().getOut(), outcome, service + " is removed");
        return 0;
    }
}
