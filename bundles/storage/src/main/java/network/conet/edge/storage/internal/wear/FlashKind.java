package network.conet.edge.storage.internal.wear;

/** What the kernel says a medium is. For diagnostics: the profile may say something else. */
public enum FlashKind {
    /** A card behind an SD host. */
    SD,
    /** Soldered flash with a controller of its own. */
    EMMC,
    /** Raw flash under UBI, nearly always NAND. */
    NAND,
    /** A solid state disk on the PCI bus. */
    NVME,
    /** Anything else, several at once, or nothing that could be read. */
    OTHER
}
