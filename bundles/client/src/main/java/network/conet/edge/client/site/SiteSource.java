package network.conet.edge.client.site;

import java.io.IOException;

/** Where a site's answers come from. Called by several threads. */
interface SiteSource {
    /** @throws IOException when the source fails; the visitor sees 502 and nothing of why */
    SiteAnswer answer(SiteRequest request) throws IOException, InterruptedException;
}
