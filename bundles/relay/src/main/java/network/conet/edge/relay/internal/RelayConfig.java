package network.conet.edge.relay.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the relay. Names, defaults and ranges stand here and nowhere else. */
@ObjectClassDefinition(id = RelayComponent.PID, name = "CONET relay",
        description = "What this node does with the messages of others")
@interface RelayConfig {
    @AttributeDefinition(name = "Listeners at most", min = "1", max = "100000",
            description = "Wallets whose mail and epoch streams may be open at the same time")
    int listenersMax() default 1000;

    @AttributeDefinition(name = "Trust the billing wallet",
            description = "Accept commands signed by their billing wallet alone, as older nodes do. Whoever pays"
                    + " can then act for any wallet; leave this off unless old clients need it")
    boolean billingWalletTrusted() default false;
}
