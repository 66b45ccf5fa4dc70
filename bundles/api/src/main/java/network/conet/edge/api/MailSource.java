package network.conet.edge.api;

/**
 * Where new mail comes from, as far as a node can tell: the neighbour that posted it. Used to share the room for new
 * mail fairly; kept in memory only, never stored, never logged.
 *
 * @param name equal for mail of one source
 */
public record MailSource(String name) {
    /** The node itself. */
    public static final MailSource LOCAL = new MailSource("");

    private static final int IPV6_GROUPS_OF_A_NETWORK = 4;

    /**
     * The source behind a peer's address. Who has one IPv6 address has the 2^64 of its network, so these count as one.
     *
     * @param address as text, with or without a zone
     */
    public static MailSource ofAddress(String address) {
        String bare = address.indexOf('%') < 0 ? address : address.substring(0, address.indexOf('%'));
        boolean isVersion4 = bare.indexOf('.') >= 0; // also when it is written as a version 6 address
        return new MailSource(isVersion4 ? bare.substring(bare.lastIndexOf(':') + 1)
                : bare.indexOf(':') < 0 ? bare : network(bare));
    }

    /** The first four groups; {@code ::} stands for as many zero groups as are missing. */
    private static String network(String address) {
        int gap = address.indexOf("::");
        String front = gap < 0 ? address : address.substring(0, gap);
        String[] groups = front.isEmpty() ? new String[0] : front.split(":");
        int behind = gap < 0 || gap + 2 >= address.length() ? 0 : address.substring(gap + 2).split(":").length;
        StringBuilder name = new StringBuilder();
        String[] rear = behind == 0 ? new String[0] : address.substring(gap + 2).split(":");
        for (int i = 0; i < IPV6_GROUPS_OF_A_NETWORK; i++) {
            int fromRear = i - (2 * IPV6_GROUPS_OF_A_NETWORK - rear.length);
            String group = i < groups.length ? groups[i] : fromRear >= 0 ? rear[fromRear] : "0";
            name.append(group).append(':');
        }
        return name.toString();
    }
}
