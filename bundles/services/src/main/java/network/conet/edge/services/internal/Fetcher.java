package network.conet.edge.services.internal;

import java.util.List;
import network.conet.edge.protocol.RefusedException;

/** Fetches from the world outside for guests. */
interface Fetcher {
    /**
     * @param request as {@code docs/protocol/guest-interface.md}, section 5 draws it
     * @param hosts names that may be asked
     * @param budget bytes that may still come in this hour
     * @return the answer, drawn there too
     * @throws RefusedException TARGET_MALFORMED, TARGET_FORBIDDEN, TARGET_UNRESOLVED, TARGET_UNREACHABLE, EGRESS_SPENT
     */
    byte[] fetch(byte[] request, List<String> hosts, HourlyBudget budget) throws RefusedException;
}
