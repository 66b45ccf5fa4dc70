package network.conet.edge.services.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the services. Names, defaults and ranges stand here and nowhere else. */
@ObjectClassDefinition(id = ServicesComponent.PID, name = "CONET services",
        description = "Which services run on this node, and what they may do")
@interface ServicesConfig {
    @AttributeDefinition(name = "Owners", required = false,
            description = "Wallets that may install, update and remove services from afar, separated by spaces."
                    + " Empty: nobody may")
    String owners() default "";

    @AttributeDefinition(name = "Publishers", required = false,
            description = "Wallets whose signed services are taken, separated by spaces")
    String publishers() default "";

    @AttributeDefinition(name = "Development mode",
            description = "Take services that nobody signed. Whoever can reach the drop directory can then run"
                    + " services here; never on a node that others use")
    boolean developmentMode() default false;

    @AttributeDefinition(name = "Grants",
            description = "What services may be given when they ask for it, separated by spaces: log clock random"
                    + " caller kv stream mail http tunnel. With tunnel, a proxy service makes this node an exit:"
                    + " strangers' traffic leaves from your address")
    String grants() default "log clock random caller kv stream";

    @AttributeDefinition(name = "Services at most", min = "0", max = "256",
            description = "Different services; versions of one count once")
    int servicesMax() default 16;

    @AttributeDefinition(name = "Calls at the same time", min = "1", max = "64",
            description = "Threads for calls. Each may use 8 MiB of stack and the memory of its service")
    int threads() default 2;

    @AttributeDefinition(name = "Service files",
            description = "Directory whose files NAME.conet serve. The launcher has it watched: change both")
    String dropDirectory() default "services";

    @AttributeDefinition(name = "Compiled code", description = "Directory in which compiled services are kept")
    String cacheDirectory() default "compiled";

    @AttributeDefinition(name = "Bytes of compiled code at most", min = "0", max = "1073741824",
            description = "The least recently used goes first. 0 keeps nothing")
    long cacheBytes() default 33554432;

    @AttributeDefinition(name = "Proxy: tunnels at the same time", min = "1", max = "20000",
            description = "Open connections to targets of all wallets together; those of the sockets bound them too")
    int proxyTunnelsMax() default 256;

    @AttributeDefinition(name = "Proxy: tunnels of one wallet", min = "1", max = "20000",
            description = "A browser opens some dozens")
    int proxyTunnelsPerWalletMax() default 64;

    @AttributeDefinition(name = "Proxy: MiB a day", min = "1", max = "1073741824",
            description = "Bytes of all tunnels in a day (UTC), both ways together")
    long proxyMebibytesPerDay() default 102400;

    @AttributeDefinition(name = "Proxy: MiB a day of one wallet", min = "1", max = "1073741824",
            description = "The same of one wallet")
    long proxyMebibytesPerWalletDay() default 10240;

    @AttributeDefinition(name = "Proxy: commands without a time",
            description = "Run commands of clients that send no timestamp, as existing clients do. When you charge,"
                    + " turn this off: such a command could be sent a second time after a restart of the node")
    boolean proxyUntimedAllowed() default true;
}
