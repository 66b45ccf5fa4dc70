/**
 * The CONET wire: value types, limits and codecs. Everything here is a pure function on bytes or an
 * immutable value: no I/O, no clock, no randomness, no state, so every type is safe to share between
 * threads.
 *
 * <p>The wire itself is described in {@code docs/protocol/wire.md}; the classes name the section they
 * implement. Input that breaks a rule is refused with {@link
 * network.conet.edge.protocol.RefusedException}, which carries a typed {@link
 * network.conet.edge.protocol.RefuseReason}.
 */
@Export
@Version("0.1.0")
package network.conet.edge.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
