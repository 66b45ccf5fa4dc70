package network.conet.edge.api;

/** How a bundle tells the whole node that it cannot do its work. Implemented by {@code node}. */
public interface Lifecycle {
    /**
     * Ends the node: what it was told to do cannot be done (a key that cannot be read, a configuration that names
     * nothing). The text is shown to the operator as one line.
     *
     * @param bundle who says so
     * @param line what is wrong and what to do, without secrets
     */
    void refuseToStart(String bundle, String line);
}
