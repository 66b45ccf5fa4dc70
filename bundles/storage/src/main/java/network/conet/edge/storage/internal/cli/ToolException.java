package network.conet.edge.storage.internal.cli;

/** Why a command did not do its work: one line, and the exit code. */
final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    ToolException(int status, String line) {
        super(line);
        this.status = status;
    }

    int status() {
        return status;
    }

    static ToolException usage(String line) {
        return new ToolException(StorageTool.USAGE, line + "; " + Arguments.HELP);
    }
}
