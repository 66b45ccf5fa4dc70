package network.conet.edge.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import network.conet.edge.crypto.WalletSignatures;

/** What the contracts of {@code provisioning/contracts} mean when they refuse: their errors, by selector. */
final class ContractErrors {
    private static final int SELECTOR_CHARS = 10;
    private static final Map<String, String> MEANINGS = new TreeMap<>();

    static {
        meaning("LabelRefused()", "no such name can be: 3 to 32 of a-z 0-9 -, no hyphen at an end or twice,"
                + " not 0x first");
        meaning("NameTaken(bytes32)", "the name is taken");
        meaning("NameRests(uint64)", "the name was given up lately and rests");
        meaning("CommitmentAge(uint256)", "the first step of this registration is too young, too old, or another's");
        meaning("CommitmentPending(uint256)", "the first step of this registration was done before");
        meaning("WrongDeposit(uint256,uint256)", "the deposit has changed");
        meaning("SenderIsNotOwner(address)", "this wallet is not the owner");
        meaning("ERC20InsufficientBalance(address,uint256,uint256)", "this wallet has too few credits");
        meaning("ERC20InsufficientAllowance(address,uint256,uint256)", "the contract may not take so many credits");
        meaning("CapacityExceeded(uint256,uint256)", "that is more than the bond is good for");
        meaning("NodeUnknown(address)", "that node is not on the list");
        meaning("ExitNotDue(uint64)", "what was asked back is not due yet");
    }

    private ContractErrors() {}

    private static void meaning(String signature, String text) {
        String hash = new WalletSignatures().hash(signature.getBytes(StandardCharsets.US_ASCII))
                .toString();
        MEANINGS.put(hash.substring(0, SELECTOR_CHARS), text);
    }

    /** In words, or the data as it is. */
    static String explain(String data) {
        String selector = data.substring(0, Math.min(SELECTOR_CHARS, data.length()));
        return MEANINGS.getOrDefault(selector, "(" + data.substring(0, Math.min(74, data.length())) + ")");
    }
}
