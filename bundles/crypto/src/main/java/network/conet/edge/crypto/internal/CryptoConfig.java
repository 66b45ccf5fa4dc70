package network.conet.edge.crypto.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the key ring. */
@ObjectClassDefinition(id = CryptoComponent.PID, name = "CONET Edge: keys",
        description = "Where the node's keys lie and how many messages are decrypted at a time.")
@interface CryptoConfig {
    /** Where the keys lie. */
    @AttributeDefinition(name = "Directory", description = "Directory of the wallet and the OpenPGP key, below the "
            + "node's data directory unless it is absolute. New keys are made when it does not exist. Keep a backup.")
    String directory() default "keys";

    /** Threads that decrypt. */
    @AttributeDefinition(name = "Decryption threads", description = "Messages decrypted at the same time.",
            min = "1", max = "2")
    int decryptThreads() default 1;

    /** Queue before them. */
    @AttributeDefinition(name = "Decryption queue", description = "Messages that may wait to be decrypted; further "
            + "ones are refused for the moment.", min = "1", max = "64")
    int decryptQueueMax() default 64;
}
