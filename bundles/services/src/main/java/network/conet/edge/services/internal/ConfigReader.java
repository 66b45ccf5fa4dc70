package network.conet.edge.services.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.proxy.ProxySettings;

/** From the configuration to settings. What is wrong is said in one line that names the setting. */
final class ConfigReader {
    private static final int SERVICES_MAX = 256;
    private static final int THREADS_MAX = 64;
    private static final long CACHE_BYTES_MAX = 1L << 30;

    private static final int PROXY_TUNNELS_MAX = 20_000;
    private static final long PROXY_MEBIBYTES_MAX = 1L << 30;
    private static final long MEBIBYTE = 1L << 20;

    private ConfigReader() {}

    /** @throws IllegalArgumentException with the line */
    static ServicesSettings settings(ServicesConfig config, Signatures signatures, Path data) {
        requireRange("servicesMax", config.servicesMax(), 0, SERVICES_MAX);
        requireRange("threads", config.threads(), 1, THREADS_MAX);
        requireRange("cacheBytes", config.cacheBytes(), 0, CACHE_BYTES_MAX);
        return new ServicesSettings(
                wallets("owners", config.owners(), signatures), wallets("publishers", config.publishers(), signatures),
                config.developmentMode(), grants(config.grants()), config.servicesMax(), config.threads(),
                path(data, "dropDirectory", config.dropDirectory()),
                path(data, "cacheDirectory", config.cacheDirectory()), config.cacheBytes());
    }

    /** @throws IllegalArgumentException with the line */
    static ProxySettings proxy(ServicesConfig config) {
        requireRange("proxyTunnelsMax", config.proxyTunnelsMax(), 1, PROXY_TUNNELS_MAX);
        requireRange("proxyTunnelsPerWalletMax", config.proxyTunnelsPerWalletMax(), 1, PROXY_TUNNELS_MAX);
        requireRange("proxyMebibytesPerDay", config.proxyMebibytesPerDay(), 1, PROXY_MEBIBYTES_MAX);
        requireRange("proxyMebibytesPerWalletDay", config.proxyMebibytesPerWalletDay(), 1, PROXY_MEBIBYTES_MAX);
        return new ProxySettings(config.proxyTunnelsMax(), config.proxyTunnelsPerWalletMax(),
                config.proxyMebibytesPerDay() * MEBIBYTE, config.proxyMebibytesPerWalletDay() * MEBIBYTE,
                config.proxyUntimedAllowed());
    }

    private static void requireRange(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + " must be from " + min + " to " + max + ", not " + value);
        }
    }

    private static Set<WalletAddress> wallets(String setting, String text, Signatures signatures) {
        Set<WalletAddress> wallets = new LinkedHashSet<>();
        for (String word : text.trim().split("[\\s,]+")) {
            if (!word.isEmpty()) {
                wallets.add(WalletAddress.parse(word, signatures).orElseThrow(() -> new IllegalArgumentException(
                        setting + ": " + word + " is not a wallet address, or its checksum is wrong")));
            }
        }
        return wallets;
    }

    private static Set<Capability> grants(String text) {
        Set<Capability> grants = EnumSet.noneOf(Capability.class);
        for (String word : text.trim().split("[\\s,]+")) {
            if (!word.isEmpty()) {
                grants.add(Capability.ofLabel(word).orElseThrow(
                        () -> new IllegalArgumentException("grants: " + word + " is no capability")));
            }
        }
        return grants;
    }

    private static Path path(Path data, String setting, String text) {
        try {
            return data.resolve(text);
        } catch (InvalidPathException bad) {
            throw new IllegalArgumentException(setting + ": " + text + " is no path");
        }
    }
}
