package network.conet.edge.client.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code conet service}. */
@Command(name = "service", mixinStandardHelpOptions = true,
        description = "Services on nodes: call them, make them, manage them.",
        subcommands = {
            ServiceListCommand.class, ServiceCallCommand.class, ServiceInstallCommand.class,
            ServiceUpdateCommand.class, ServiceRemoveCommand.class, ServiceReleaseCommand.class,
            ServiceNewCommand.class, ServiceTestCommand.class, ServicePackCommand.class
        })
final class ServiceCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do");
    }
}
