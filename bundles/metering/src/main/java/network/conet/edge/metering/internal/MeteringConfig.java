package network.conet.edge.metering.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of accounts and earnings. Names, defaults and ranges stand here and nowhere else. */
@ObjectClassDefinition(id = MeteringComponent.PID, name = "CONET accounts",
        description = "What this node charges, and how it is paid")
@interface MeteringConfig {
    @AttributeDefinition(name = "Owner wallets", required = false,
            description = "Wallets that may see what the node earned, give credit and have it paid out; the first gets"
                    + " the statements. Empty: nobody")
    String[] owners() default {};

    @AttributeDefinition(name = "Price of relaying", min = "0", max = "976562",
            description = "Nanocredits for a MiB of mail, for each node that carried it; above 976562 nothing is")
    long relayPrice() default 488281;

    @AttributeDefinition(name = "Price of storing", min = "0", max = "32552",
            description = "Nanocredits for a MiB in a mailbox for a day")
    long storagePrice() default 16276;

    @AttributeDefinition(name = "Price of the proxy", min = "0", max = "976562",
            description = "Nanocredits for a MiB through the proxy, both directions")
    long egressPrice() default 488281;

    @AttributeDefinition(name = "Price of fuel", min = "0", max = "1000000",
            description = "Nanocredits for a thousand million units of fuel, as published; services have prices of"
                    + " their own")
    long fuelPrice() default 500000;

    @AttributeDefinition(name = "Free mail", min = "0", max = "1048576",
            description = "MiB of mail that each wallet has free each day")
    long freeRelayMiB() default 64;

    @AttributeDefinition(name = "Free storage", min = "0", max = "1048576",
            description = "MiB that each wallet may have in its mailbox all day for nothing")
    long freeStoredMiB() default 64;

    @AttributeDefinition(name = "Free proxy", min = "0", max = "1048576",
            description = "MiB through the proxy that each wallet has free each day")
    long freeEgressMiB() default 256;

    @AttributeDefinition(name = "Credit", min = "0", max = "1000000000000",
            description = "Nanocredits that a wallet may owe before its mail is refused. Wallets cost nothing to make:"
                    + " what they owe may never come")
    long creditLimit() default 0;

    @AttributeDefinition(name = "Fee at most", min = "0", max = "100",
            description = "Percent of a payment that the chain's fee may take; vouchers wait until they are worth it")
    int feePercentMax() default 5;

    @AttributeDefinition(name = "Step for forwarders", min = "1", max = "1000000000000",
            description = "Nanocredits that a node which forwards to this one is owed before it gets a voucher, out of"
                    + " what was deposited for it")
    long forwarderStep() default 1000000;

    @AttributeDefinition(name = "Write down every", min = "1", max = "86400",
            description = "Seconds between two records of storage and uptime; what was not written down is not charged"
                    + " after a power cut")
    int recordSeconds() default 86400;

    @AttributeDefinition(name = "Look at vouchers every", min = "1", max = "604800",
            description = "Seconds between two looks whether vouchers are worth redeeming")
    int settleSeconds() default 3600;

    @AttributeDefinition(name = "Statement every", min = "0", max = "2678400",
            description = "Seconds between two statements to the first owner wallet, as sealed mail; 0 for none")
    int statementSeconds() default 86400;
}
