/**
 * Doubles for time, disk and network, and readers of the recorded vectors, for the tests of the other bundles.
 * Never shipped. Each double is deterministic: the same seed gives the same run.
 */
@Export
@Version("0.1.0")
package network.conet.edge.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
