package network.conet.edge.chain.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the directory and of registrations. */
@ObjectClassDefinition(id = ChainComponent.PID, name = "CONET Edge: network directory",
        description = "Where the node learns which nodes and users there are.")
@interface ChainConfig {
    @AttributeDefinition(name = "Source", description = "Contracts on a chain, or a signed file (private networks).",
            options = {@Option(label = "Contracts on a chain", value = "contract"),
                    @Option(label = "Signed file", value = "file")})
    String mode() default "contract";

    @AttributeDefinition(name = "RPC URLs", description =
            "http(s) addresses of servers of the chain, in order of preference. For contracts.")
    String[] rpcUrls() default {"https://publicrpc.conet.network", "https://rpc1.conet.network"};

    @AttributeDefinition(name = "Chain id", description = "Number of the chain that the servers must serve.",
            min = "1")
    long chainId() default 224422;

    @AttributeDefinition(name = "Node registry", description = "Address of the contract that lists nodes.")
    String nodeRegistry() default "0xBC6b53065b5647261396d002bDBA0d3396E0722f";

    @AttributeDefinition(name = "Routing table", description = "Address of the contract that knows users.")
    String routingTable() default "0x684b0ac760cEE9c9b85de36d69746420648Cf9e2";

    @AttributeDefinition(name = "Epoch info", required = false, description =
            "Address of the contract that publishes rate and totals; empty when there is none.")
    String epochInfo() default "";

    @AttributeDefinition(name = "Settlement", required = false, description =
            "Address of the contract that vouchers are redeemed at; empty when the network has none.")
    String settlement() default "";

    @AttributeDefinition(name = "Owner wallet", required = false, description =
            "Wallet that this node's earnings and bond belong to. The node names it on the chain, once; from then on"
                    + " only the owner can change it. Its key must not be on this device.")
    String owner() default "";

    @AttributeDefinition(name = "Confirmations", description =
            "Blocks behind the newest before money on the chain is believed.", min = "0", max = "1000")
    int confirmations() default 12;

    @AttributeDefinition(name = "Network file", required = false, description =
            "Path of the signed file; relative paths are below the data folder. For the file mode.")
    String networkFile() default "network.json";

    @AttributeDefinition(name = "Operator wallet", required = false, description =
            "Address whose signature the network file must carry. For the file mode.")
    String operatorWallet() default "";

    @AttributeDefinition(name = "Poll interval", description = "Milliseconds between two looks for new blocks.",
            min = "250", max = "60000")
    int pollMillis() default 4000;

    @AttributeDefinition(name = "Public endpoint", required = false, description =
            "host or host:port where others reach this node; the node keeps its entry in the registry so, and its"
                    + " wallet pays for that. Empty: the node does not register itself.")
    String publicEndpoint() default "";

    @AttributeDefinition(name = "Region", required = false, description =
            "Free text of at most 64 ASCII characters in the node's entry; users take what follows the first dot for"
                    + " the country.")
    String region() default "";

    @AttributeDefinition(name = "Registrations a day", description =
            "Registrations for users that the node's wallet pays for in a day; 0 for none.", min = "0", max = "100000")
    int registrationsPerDay() default 500;

    @AttributeDefinition(name = "Registrations a day for one wallet", description =
            "Registrations that are paid for one wallet in a day.", min = "0", max = "1000")
    int registrationsPerWalletPerDay() default 5;
}
