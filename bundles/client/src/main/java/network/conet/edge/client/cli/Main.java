package network.conet.edge.client.cli;

import network.conet.edge.client.ClientException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code conet}: the network from a terminal. Exit codes: 0 done, 1 a defect of ours, 2 wrong arguments, and those of
 * {@link ClientException.Kind}: 3 a file or setting, 4 unreachable, 5 refused, 6 time over.
 */
@Command(name = "conet", mixinStandardHelpOptions = true, version = "conet 0.1.0",
        description = "Sealed messages between wallets, through the CONET network.",
        subcommands = {
            WalletCommand.class, RegisterCommand.class, SendCommand.class, ListenCommand.class, OnlineCommand.class,
            NameCommand.class, CreditCommand.class, AccountCommand.class, EarningsCommand.class,
            ServiceCommand.class, ProxyCommand.class, PublishCommand.class, BrowseCommand.class,
            NodesCommand.class, NetworkCommand.class
        },
        footer = {
            "", "Begin with:  conet wallet create;  conet register;  conet listen",
            "Exit codes: 0 done, 2 wrong arguments, 3 file or setting, 4 unreachable, 5 refused, 6 time over."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Called by the Java launcher. */
    public static void main(String[] arguments) {
        // The command has no log; what it has to say it says itself.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(execute(arguments));
    }

    /** Runs one command in this process and returns its exit code. */
    public static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command))
                .execute(arguments);
    }

    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof ClientException told) {
            command.getErr().println("conet: " + told.getMessage());
            return told.kind().exitCode();
        }
        throw failure;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
