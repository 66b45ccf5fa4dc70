/**
 * What a node, a client and a publisher share about services: names, manifests, signed bundles and calls. Pure
 * functions on bytes and immutable values. Described in {@code docs/protocol/services.md}.
 */
@Export
@Version("0.1.0")
package network.conet.edge.protocol.service;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
