package network.conet.edge.chain.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyProver;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.Settlements;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.HttpJsonRpc;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Makes the engines from the settings and offers them as services. */
@Component(name = ChainComponent.PID, configurationPid = ChainComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {NodeDirectory.class, RouteTable.class, EpochFeed.class, RouteRegistrar.class, Settlements.class,
                HealthCheck.class})
@Designate(ocd = ChainConfig.class)
public final class ChainComponent implements NodeDirectory, RouteTable, EpochFeed, RouteRegistrar, Settlements,
        HealthCheck {
    static final String PID = "network.conet.edge.chain";

    private static final String DATA_FOLDER = "conet.data";

    private final List<EpochListener> listeners = new ArrayList<>();

    @Reference
    Clock clock;

    @Reference
    Counters counters;

    @Reference
    Signatures signatures;

    @Reference
    KeyRing keys;

    @Reference
    KeyProver prover;

    @Reference
    Lifecycle lifecycle;

    private NetworkDirectory directory;
    private RouteRegistrar registrar;
    private Registrar payer;
    private SelfRegistration self;
    private SettlementDesk desk;

    @Activate
    void activate(BundleContext context, ChainConfig config) {
        try {
            switch (config.mode()) {
                case "contract" -> followChain(config);
                case "file" -> followFile(context, config);
                default -> throw new IllegalArgumentException("mode is neither contract nor file");
            }
        } catch (IllegalArgumentException wrong) {
            lifecycle.refuseToStart(PID, wrong.getMessage());
            throw wrong;
        }
        synchronized (listeners) {
            listeners.forEach(directory::addListener);
        }
        directory.start();
    }

    private void followChain(ChainConfig config) {
        Optional<WalletAddress> epochInfo = config.epochInfo().isBlank()
                ? Optional.empty()
                : Optional.of(address("epochInfo", config.epochInfo()));
        ChainDirectory.Settings settings = new ChainDirectory.Settings(
                config.chainId(), address("nodeRegistry", config.nodeRegistry()),
                address("routingTable", config.routingTable()), epochInfo, config.pollMillis());
        ChainDirectory chain = new ChainDirectory(
                settings, new HttpJsonRpc(urls(config.rpcUrls()), config.chainId(), clock), clock, counters,
                new SecureRandom(), line -> lifecycle.refuseToStart(PID, line));
        payer = new Registrar(chain, keys, clock, new Registrar.Allowance(
                config.registrationsPerDay(), config.registrationsPerWalletPerDay()));
        if (!config.publicEndpoint().isBlank()) {
            self = new SelfRegistration(chain, keys, prover, clock, endpoint(config), region(config), owner(config));
        }
        if (!config.settlement().isBlank()) {
            desk = new SettlementDesk(chain, witnesses(config), keys, clock, address("settlement", config.settlement()),
                    config.confirmations());
        }
        directory = chain;
        registrar = payer;
    }

    /** A client for each server; one name with two paths is one operator. */
    private List<JsonRpc> witnesses(ChainConfig config) {
        Set<String> operators = new HashSet<>();
        List<JsonRpc> servers = new ArrayList<>();
        for (URI url : urls(config.rpcUrls())) {
            if (operators.add(url.getRawAuthority())) {
                servers.add(new CountedRpc(new HttpJsonRpc(List.of(url), config.chainId(), clock), counters));
            }
        }
        return servers;
    }

    private Optional<WalletAddress> owner(ChainConfig config) {
        Optional<WalletAddress> owner = config.owner().isBlank() ? Optional.empty()
                : Optional.of(address("owner", config.owner()));
        if (owner.filter(keys.wallet()::equals).isPresent()) {
            throw new IllegalArgumentException("owner is the node's own wallet, whose key is on this device");
        }
        return owner;
    }

    private static Endpoint endpoint(ChainConfig config) {
        return Endpoint.parse(config.publicEndpoint()).orElseThrow(() -> new IllegalArgumentException(
                "publicEndpoint is neither host nor host:port: " + config.publicEndpoint()));
    }

    private static String region(ChainConfig config) {
        String region = config.region().trim();
        if (region.length() > ChainLimits.REGION_CHARS_MAX || !region.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "region must be at most " + ChainLimits.REGION_CHARS_MAX + " ASCII characters");
        }
        return region;
    }

    private void followFile(BundleContext context, ChainConfig config) {
        Path file;
        try {
            Path given = Path.of(config.networkFile().trim());
            String data = context.getProperty(DATA_FOLDER);
            file = given.isAbsolute() || data == null ? given : Path.of(data).resolve(given);
        } catch (InvalidPathException notPath) {
            throw new IllegalArgumentException("networkFile is not a path: " + notPath.getMessage(), notPath);
        }
        if (config.networkFile().isBlank()) {
            throw new IllegalArgumentException("networkFile is empty: name the operator's signed file");
        }
        FileDirectory files = new FileDirectory(
                file, address("operatorWallet", config.operatorWallet()), signatures, clock, counters);
        directory = files;
        registrar = files;
    }

    private WalletAddress address(String setting, String text) {
        return WalletAddress.parse(text.trim(), signatures).filter(address -> !address.isZero())
                .orElseThrow(() -> new IllegalArgumentException(setting
                        + " is not an address (0x and 40 hexadecimal digits, checksum right if of mixed case)"));
    }

    private static List<URI> urls(String[] texts) {
        List<URI> urls = new ArrayList<>();
        for (String text : texts) {
            try {
                if (!text.isBlank()) {
                    urls.add(new URI(text.trim()));
                }
            } catch (URISyntaxException wrong) {
                throw new IllegalArgumentException("rpcUrls has an entry that is not a URL", wrong);
            }
        }
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("rpcUrls is empty: name at least one server of the chain");
        }
        return urls;
    }

    @Deactivate
    void deactivate() {
        directory.close();
        if (payer != null) {
            payer.close();
        }
        if (self != null) {
            self.close();
        }
        if (desk != null) {
            desk.close();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(EpochListener listener) {
        synchronized (listeners) {
            listeners.add(listener);
            if (directory != null) {
                directory.addListener(listener);
            }
        }
    }

    void removeListener(EpochListener listener) {
        synchronized (listeners) {
            listeners.remove(listener);
            if (directory != null) {
                directory.removeListener(listener);
            }
        }
    }

    @Override
    public Optional<NodeEntry> node(KeyId keyId) {
        return directory.node(keyId);
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return directory.nodeOfWallet(wallet);
    }

    @Override
    public List<NodeEntry> nodes() {
        return directory.nodes();
    }

    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        return directory.mailboxNodeOf(userKeyId);
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return directory.walletOf(userKeyId);
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        return directory.user(wallet);
    }

    @Override
    public Epoch current() {
        return directory.current();
    }

    @Override
    public CompletionStage<Hash256> submit(RegistrationRequest request) {
        return registrar.submit(request);
    }

    @Override
    public Optional<SettlementId> id() {
        return desk == null ? Optional.empty() : desk.id();
    }

    @Override
    public CompletionStage<Channel> channel(WalletAddress payer) {
        return desk == null ? noSettlement() : desk.channel(payer);
    }

    @Override
    public CompletionStage<Channel> channelTo(WalletAddress payee) {
        return desk == null ? noSettlement() : desk.channelTo(payee);
    }

    @Override
    public CompletionStage<Optional<Hash256>> redeem(List<Signed> vouchers, int feePercentMax, long gain) {
        return desk == null ? noSettlement() : desk.redeem(vouchers, feePercentMax, gain);
    }

    @Override
    public CompletionStage<Boolean> publish(PriceList prices) {
        return desk == null ? noSettlement() : desk.publish(prices);
    }

    private static <T> CompletionStage<T> noSettlement() {
        return CompletableFuture.failedFuture(new RefusedException(RefuseReason.SETTLEMENT_UNAVAILABLE));
    }

    @Override
    public List<HealthItem> check() {
        List<HealthItem> items = new ArrayList<>(directory.check());
        if (payer != null) {
            items.addAll(payer.check());
        }
        if (self != null) {
            items.addAll(self.check());
        }
        if (desk != null) {
            items.addAll(desk.check());
        }
        return items;
    }
}
