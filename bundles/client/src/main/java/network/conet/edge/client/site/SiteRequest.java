package network.conet.edge.client.site;

import java.util.Map;
import network.conet.edge.protocol.WalletAddress;

/**
 * One request, or one part of it.
 *
 * @param id chosen by who asks, the same in all parts
 * @param from who asks; proven by the signature
 * @param target whose site it is
 * @param method in capitals
 * @param path begins with a slash, as it was written
 * @param query without its question mark; empty when there is none
 * @param headers names in lower case
 * @param body of this part
 * @param part number of the part, from 0
 * @param isLast whether it is the last
 * @param isPartsWanted whether who asks takes answers in parts, each signed (our addition)
 * @param expiresSeconds unix time after which it is void
 */
record SiteRequest(String id, WalletAddress from, WalletAddress target, String method, String path, String query,
        Map<String, String> headers, byte[] body, int part, boolean isLast, boolean isPartsWanted,
        long expiresSeconds) {
    SiteRequest withBody(byte[] whole) {
        return new SiteRequest(id, from, target, method, path, query, headers, whole, 0, true, isPartsWanted,
                expiresSeconds);
    }
}
