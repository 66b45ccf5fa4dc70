package network.conet.edge.client.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.service.ServiceName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service new}. */
@Command(name = "new", mixinStandardHelpOptions = true,
        description = "Makes a directory with a small service that builds, is tested and can be installed.")
final class ServiceNewCommand implements Callable<Integer> {
    private static final String TEMPLATES = "/network/conet/edge/client/templates/";
    private static final List<String> COMMON = List.of("service.json", "README.md", "tests/hello.in",
            "tests/hello.out", "tests/nothing.in", "tests/nothing.out");
    private static final Map<Language, List<String>> OWN = Map.of(
            Language.assemblyscript, List.of("service.ts", "build.sh"),
            Language.c, List.of("service.c", "conet.h", "build.sh"),
            Language.rust, List.of("service.rs", "build.sh"),
            Language.wat, List.of("service.wat", "build.sh"));

    /** Spelled as on the command line. */
    private enum Language { assemblyscript, c, rust, wat }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the service and of the directory")
    private String name;

    @Option(names = "--lang", paramLabel = "LANGUAGE", required = true, description = "One of ${COMPLETION-CANDIDATES}")
    private Language language;

    @Override
    public Integer call() throws ClientException {
        ServiceName service = OnNode.name(name);
        Path directory = Path.of(service.text());
        if (Files.exists(directory)) {
            throw new ClientException(Kind.SETUP, directory + " is there already; nothing was made");
        }
        try {
            for (String file : COMMON) {
                copy("all/" + file, directory.resolve(file), service);
            }
            for (String file : OWN.get(language)) {
                copy(language + "/" + file, directory.resolve(file), service);
            }
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, directory + " cannot be written: " + failed.getMessage());
        }
        spec.commandLine().getOut().println(directory + " is made. Next: cd " + directory
                + " && sh build.sh && conet service test");
        return 0;
    }

    private static void copy(String template, Path to, ServiceName service) throws IOException {
        try (InputStream in = ServiceNewCommand.class.getResourceAsStream(TEMPLATES + template)) {
            if (in == null) {
                throw new AssertionError("the template " + template + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@NAME@", service.text());
            Files.createDirectories(to.getParent());
            Files.writeString(to, text);
        }
    }
}
