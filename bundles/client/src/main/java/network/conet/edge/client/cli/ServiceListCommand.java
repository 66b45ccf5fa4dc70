package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code conet service list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "What a node serves.")
final class ServiceListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        OnNode.Connected node = on.connect(settings);
        JsonValue outcome = node.services().list(node.node());
        OnNode.requireOk(outcome);
        PrintWriter out = spec.commandLine().getOut();
        JsonValue services = outcome.member("services").orElse(JsonValue.array(List.of()));
        if (services instanceof JsonValue.Array array) {
            for (JsonValue each : array.values()) {
                settings.print(out, each, text(each));
            }
            if (array.values().isEmpty()) {
                settings.progress(spec.commandLine().getErr(), "no services");
            }
        }
        return 0;
    }

    private static String text(JsonValue service) {
        boolean isCurrent = service.member("current").filter(JsonValue.Literal.TRUE::equals).isPresent();
        JsonValue price = service.member("price").orElse(JsonValue.object().build());
        long call = price.integer("call").orElse(0);
        long megafuel = price.integer("megafuel").orElse(0);
        return service.string("service").orElse("?") + " " + service.string("version").orElse("?")
                + (isCurrent ? ", current" : "") + ", " + service.string("state").orElse("?")
                + (call + megafuel == 0 ? ", free" : ", " + call + " nanocredits a call and "
                        + megafuel + " a megafuel")
                + service.string("about").filter(about -> !about.isEmpty()).map(about -> ": " + about).orElse("");
    }
}
