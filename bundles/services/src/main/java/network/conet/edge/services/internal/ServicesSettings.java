package network.conet.edge.services.internal;

import java.nio.file.Path;
import java.util.Set;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;

/**
 * @param owners wallets that may manage this node's services
 * @param publishers wallets whose bundles are taken
 * @param isDevelopment whether bundles that nobody signed are taken too
 * @param grants what services may be given
 * @param servicesMax how many services there may be
 * @param threads calls that run at the same time
 * @param dropDirectory where service files lie
 * @param cacheDirectory where compiled code is kept
 * @param cacheBytes most bytes of it
 */
record ServicesSettings(Set<WalletAddress> owners, Set<WalletAddress> publishers, boolean isDevelopment,
        Set<Capability> grants, int servicesMax, int threads, Path dropDirectory,
        Path cacheDirectory, long cacheBytes) {}
