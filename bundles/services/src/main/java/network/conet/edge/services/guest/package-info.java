/**
 * What a guest sees of its host: the guest interface, its capabilities and its limits. Knows nothing of OSGi or
 * the network.
 */
@Export
@Version("0.1.0")
package network.conet.edge.services.guest;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
