package network.conet.edge.chain;

import java.io.IOException;

/** A server serves another chain than the configured one. Nothing that it says may be used. */
public final class WrongChainException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param server which one, without secrets
     * @param served the chain it serves
     * @param wanted the chain it should serve
     */
    public WrongChainException(String server, long served, long wanted) {
        super("the server " + server + " serves chain " + served + ", not chain " + wanted);
    }
}
