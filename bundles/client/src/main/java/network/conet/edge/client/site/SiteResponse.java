package network.conet.edge.client.site;

import java.util.Map;

/**
 * One answer, or one part of it.
 *
 * @param id of the request
 * @param status HTTP status
 * @param headers names in lower case; of the first part
 * @param body of this part
 * @param part number of the part, from 0
 * @param isLast whether it is the last
 */
record SiteResponse(String id, int status, Map<String, String> headers, byte[] body, int part, boolean isLast) {}
