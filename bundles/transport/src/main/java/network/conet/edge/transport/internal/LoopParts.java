package network.conet.edge.transport.internal;

import network.conet.edge.protocol.ProtocolLimits;

/** What the connections of one event loop share. Used on that loop only. */
final class LoopParts {
    /** Header blocks are looked at here; nothing in it outlives a call. */
    final byte[] scratch = new byte[ProtocolLimits.HEADER_BYTES_MAX];
    final NextNodes nextNodes;

    LoopParts(NextNodes nextNodes) {
        this.nextNodes = nextNodes;
    }
}
