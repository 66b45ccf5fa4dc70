package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ConetClient;
import network.conet.edge.client.site.Sites;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet publish}. */
@Command(name = "publish", mixinStandardHelpOptions = true,
        description = "Serves a website under your wallet's address. Nobody learns where it is.")
final class PublishCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", description = "Directory with the site")
    private Path directory;

    @Option(names = "--upstream", paramLabel = "URL",
            description = "A web server instead, as in http://127.0.0.1:8080; visitors reach all of it")
    private URI upstream;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        if ((directory == null) == (upstream == null)) {
            throw new ParameterException(spec.commandLine(), "name a directory or --upstream, one of the two");
        }
        if (upstream != null && (upstream.getHost() == null || !"http".equals(upstream.getScheme())
                && !"https".equals(upstream.getScheme()) || upstream.getRawPath().length() > 1)) {
            throw new ClientException(Kind.SETUP, upstream + " is no address of a web server: http://HOST:PORT");
        }
        ConetClient client = settings.lastingClient();
        String wallet = client.identity().wallet().address().toString();
        PrintWriter out = spec.commandLine().getOut();
        Runnable ready = () -> settings.print(out, JsonValue.object().put("wallet", wallet).build(),
                "serving " + wallet + "; visitors run: conet browse, and open http://" + wallet + ".localhost:8480/");
        PrintWriter err = spec.commandLine().getErr();
        Consumer<String> told = line -> settings.progress(err, line);
        Sites sites = new Sites(client, Settings.CLOCK);
        if (directory != null) {
            sites.publish(directory, ready, told);
        } else {
            sites.publish(upstream, ready, told);
        }
        return 0;
    }
}
