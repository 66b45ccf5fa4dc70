package network.conet.edge.transport.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.api.MessagePost;
import network.conet.edge.api.Signatures;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link HttpFront}: listens when everything behind it is there, and stops before anything behind it stops.
 * What services and the relay need of the sockets is registered when it is there: as services of the component itself
 * they would go in a circle, because the component waits for the relay.
 */
@Component(name = TransportComponent.PID, configurationPid = TransportComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, service = {}, immediate = true)
@Designate(ocd = TransportConfig.class)
public final class TransportComponent {
    static final String PID = "network.conet.edge.transport";

    private static final Logger LOG = LoggerFactory.getLogger(TransportComponent.class);
    private static final String DATA_PROPERTY = "conet.data";

    private final HttpFront front;
    private final List<ServiceRegistration<?>> registered = new ArrayList<>();

    /** Listens, or refuses to start the node. */
    @Activate
    public TransportComponent(BundleContext bundle, TransportConfig config, @Reference MessageHandler handler,
            @Reference KeyRing keys, @Reference Signatures signatures, @Reference Counters counters,
            @Reference Clock clock, @Reference Lifecycle lifecycle) {
        String wallet = keys.wallet().toChecksumString(signatures);
        HttpFront started = null;
        try {
            FrontSettings settings = settings(config, bundle.getProperty(DATA_PROPERTY));
            DialSettings dial = DialSettings.parse(config.privateNetworksAllowed(), config.targetsMax());
            HttpFront candidate = new HttpFront(settings, handler, () -> wallet, counters, clock);
            candidate.start();
            started = candidate;
            registered.add(bundle.registerService(Dialer.class, candidate.dialer(dial), null));
            registered.add(bundle.registerService(MessagePost.class, candidate.posts(), null));
            LOG.info("listening at {} port {}{}", settings.addresses(), candidate.port(),
                    settings.tls() == null ? "" : ", TLS port " + candidate.tlsPort());
        } catch (IllegalArgumentException bad) {
            lifecycle.refuseToStart(PID, "configuration " + PID + ": " + bad.getMessage());
        } catch (IOException unavailable) {
            lifecycle.refuseToStart(PID, "cannot listen at " + unavailable.getMessage()
                    + " - stop what uses that port, choose another (port, tlsPort), or allow ports below 1024"
                    + " (CAP_NET_BIND_SERVICE)");
        }
        front = started;
    }

    /** Stops listening first, then what was under way. */
    @Deactivate
    public void stop() {
        registered.forEach(ServiceRegistration::unregister);
        if (front != null) {
            front.close();
        }
    }

    static FrontSettings settings(TransportConfig config, String data) {
        FrontSettings.Tls tls = null;
        if (config.tlsPort() != 0) {
            if (config.tlsCertificate().isEmpty() || config.tlsKey().isEmpty()) {
                throw new IllegalArgumentException("tlsPort needs tlsCertificate and tlsKey");
            }
            tls = new FrontSettings.Tls(config.tlsPort(), resolve(data, config.tlsCertificate()),
                    resolve(data, config.tlsKey()));
        }
        FrontSettings.Times times = FrontSettings.Times.defaults();
        return new FrontSettings(List.of(config.listen()), config.port(), tls, config.connectionsMax(),
                config.connectionsPerAddressMax(), config.connectionsPerLoopbackMax(), config.eventLoops(),
                config.bodyBytesTotalMax(), new FrontSettings.Times(times.headerMillis(), times.requestMillis(),
                        times.idleMillis(), times.answerMillis(), times.connectMillis(), config.drainMillis(),
                        times.stopMillis()));
    }

    private static Path resolve(String data, String path) {
        return data == null ? Path.of(path) : Path.of(data).resolve(path);
    }
}
