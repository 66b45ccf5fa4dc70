package network.conet.edge.client.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service call}. */
@Command(name = "call", mixinStandardHelpOptions = true,
        description = "Calls a service. The reply goes to standard output as it comes, the outcome to standard error.")
final class ServiceCallCommand implements Callable<Integer> {
    private static final int INPUT_BYTES_MAX = 512 * 1024;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Which service")
    private String service;

    @Parameters(index = "1", arity = "0..1", paramLabel = "INPUT",
            description = "What the service reads; - for standard input; default: nothing")
    private String input;

    @Option(names = "--input-file", paramLabel = "FILE", description = "File with what the service reads")
    private Path inputFile;

    @Option(names = "--version-of", paramLabel = "VERSION", description = "A certain version; default: the current one")
    private String version;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        if (input != null && inputFile != null) {
            throw new ParameterException(spec.commandLine(), "the input or a file with it, not both");
        }
        byte[] bytes = input();
        OnNode.Connected node = on.connect(settings);
        Reply out = new Reply();
        JsonValue outcome = node.services()
                .call(node.node(), OnNode.name(service), OnNode.version(version), bytes, out);
        if (out.isLineOpen) {
            // Only for who looks at both; the reply itself stays as it came.
            spec.commandLine().getErr().println();
        }
        OnNode.requireOk(outcome);
        settings.print(spec.commandLine().getErr(), outcome, service + " " + outcome.string("version").orElse("?")
                + ", fuel " + outcome.integer("fuel").orElse(0) + ", paid " + outcome.integer("charged").orElse(0));
        return 0;
    }

    /** Passes the reply on, and knows whether its last line is ended. */
    private static final class Reply extends OutputStream {
        private boolean isLineOpen;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            System.out.write(bytes, offset, length);
            System.out.flush();
            if (length > 0) {
                isLineOpen = bytes[offset + length - 1] != '\n';
            }
        }
    }

    private byte[] input() throws ClientException {
        try {
            byte[] bytes;
            if (inputFile != null) {
                try (var in = Files.newInputStream(inputFile)) {
                    bytes = in.readNBytes(INPUT_BYTES_MAX + 1);
                }
            } else if ("-".equals(input)) {
                bytes = System.in.readNBytes(INPUT_BYTES_MAX + 1);
            } else {
                bytes = (input == null ? "" : input).getBytes(StandardCharsets.UTF_8);
            }
            if (bytes.length > INPUT_BYTES_MAX) {
                throw new ClientException(Kind.SETUP, "the input has more than " + INPUT_BYTES_MAX + " bytes");
            }
            return bytes;
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "the input cannot be read: " + failed.getMessage());
        }
    }
}
