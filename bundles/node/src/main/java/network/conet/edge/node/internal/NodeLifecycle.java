package network.conet.edge.node.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import network.conet.edge.api.Lifecycle;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the node when a bundle cannot do its work. The line goes to standard error, where a service manager shows it,
 * and the launcher learns from the system property {@value #REFUSED_PROPERTY} that it should report failure.
 */
@Component(service = Lifecycle.class)
public final class NodeLifecycle implements Lifecycle {
    /** Set to the line when the node refused to start. */
    static final String REFUSED_PROPERTY = "conet.refused";

    private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycle.class);

    private final Bundle framework;
    private final AtomicBoolean isStopping = new AtomicBoolean();

    /** Called by the component runtime. */
    @Activate
    public NodeLifecycle(BundleContext context) {
        framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    @Override
    public void refuseToStart(String bundle, String line) {
        if (!isStopping.compareAndSet(false, true)) {
            return;
        }
        String whole = "conet-edge: " + ConfigurationAgent.shortName(bundle) + ": " + line;
        System.err.println(whole);
        // In this order: from here on the launcher lets nothing more be printed, and the caller is about to throw.
        System.setProperty(REFUSED_PROPERTY, whole);
        // Not on the caller's thread: it is inside the start of the bundle that would have to stop.
        Thread stopper = new Thread(this::stop, "conet-refuse");
        stopper.setDaemon(true);
        stopper.start();
    }

    private void stop() {
        try {
            framework.stop();
        } catch (BundleException failed) {
            LOG.error("The framework does not stop", failed);
        }
    }
}
