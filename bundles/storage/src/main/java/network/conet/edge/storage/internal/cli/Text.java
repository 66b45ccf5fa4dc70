package network.conet.edge.storage.internal.cli;

import java.util.HexFormat;

/** How things are written for an operator. */
final class Text {
    private Text() {}

    /** A mailbox as the store names it. */
    static String mailbox(long blinded) {
        return HexFormat.of().toHexDigits(blinded);
    }

    /** A number and what is counted. */
    static String count(long number, String thing) {
        String things = thing.endsWith("x") ? thing + "es" : thing.endsWith("y")
                ? thing.substring(0, thing.length() - 1) + "ies" : thing + "s";
        return number + " " + (number == 1 ? thing : things);
    }
}
