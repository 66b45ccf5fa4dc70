/**
 * The contracts between bundles. A bundle implements or uses what stands here and knows no sibling; each
 * contract says on which thread it is called, what it may wait for and how it fails.
 *
 * <p>Three kinds of failure are kept apart everywhere: refused input is a
 * {@link network.conet.edge.protocol.RefusedException} with its reason; failed surroundings are an
 * {@link java.io.IOException}; a broken invariant is an {@link java.lang.AssertionError} or another unchecked
 * exception and stops the work it was found in. Asynchronous contracts complete their stage exceptionally
 * with the same three.
 */
@Export
@Version("0.1.0")
package network.conet.edge.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
