package network.conet.edge.services.wasm;

/**
 * Every bound of a module in one place. The core specification (appendix, implementation limitations) leaves them to
 * the implementation; these let real compilers' output pass and keep the work for a hostile module small. A count is
 * checked before anything is allocated by it.
 */
public final class ModuleLimits {
    /** The whole module. */
    public static final int MODULE_BYTES_MAX = 4 << 20;
    /** The metered module, which is larger. */
    public static final int METERED_BYTES_MAX = 16 << 20;
    /** Custom sections; their contents are dropped. */
    public static final int CUSTOM_SECTIONS_MAX = 256;
    /** Function types. */
    public static final int TYPES_MAX = 4096;
    /** Parameters of one function; the JVM has 255 slots. */
    public static final int PARAMETERS_MAX = 120;
    /** Results of one function or block. */
    public static final int RESULTS_MAX = 64;
    /** Imports of all kinds. */
    public static final int IMPORTS_MAX = 512;
    /** Bytes of a name of an import or export. */
    public static final int NAME_BYTES_MAX = 1024;
    /** Functions, imported ones included. */
    public static final int FUNCTIONS_MAX = 16_384;
    /** Exports of all kinds. */
    public static final int EXPORTS_MAX = 4096;
    /** Globals, imported ones included. */
    public static final int GLOBALS_MAX = 4096;
    /** Tables. */
    public static final int TABLES_MAX = 16;
    /** Elements that a table begins with, and that it may grow to. */
    public static final int TABLE_ELEMENTS_MAX = 65_536;
    /** Element segments. */
    public static final int ELEMENT_SEGMENTS_MAX = 4096;
    /** Elements of all segments together. */
    public static final int ELEMENTS_MAX = 262_144;
    /** Data segments. */
    public static final int DATA_SEGMENTS_MAX = 16_384;
    /** One function's body. */
    public static final int BODY_BYTES_MAX = 256 << 10;
    /** Locals of one function, parameters included. */
    public static final int LOCALS_MAX = 4096;
    /** Blocks inside each other. */
    public static final int NESTING_MAX = 512;
    /** Targets of one br_table; the specification's tests have one of 24,576. */
    public static final int TARGETS_MAX = 32_768;
    /** Values on the operand stack of one function. */
    public static final int OPERANDS_MAX = 4096;

    private ModuleLimits() {}
}
