package network.conet.edge.client;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.AccountCommands;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.Statement;
import network.conet.edge.protocol.pay.Voucher;
import network.conet.edge.protocol.WalletSignature;

/**
 * A wallet's account on a node: deposits on the chain, vouchers to the node. Every command goes through an entry
 * that is not the node, and its answer comes back sealed. Blocks; safe for use by many threads.
 */
public final class AccountClient {
    private static final WalletSignatures SIGNATURES = new WalletSignatures();

    private static final int SETTLE_LOOKS_MAX = 300;
    private static final long SETTLE_LOOK_SECONDS = 2;

    private final ConetClient client;
    private final Chain chain;

    /**
     * @param client whose account
     * @param chain where credits are
     */
    public AccountClient(ConetClient client, Chain chain) {
        this.client = client;
        this.chain = chain;
    }

    /** How the account stands, and what things cost (docs/protocol/payment.md, the quote). */
    public JsonValue status(NodeEntry node) throws ClientException, InterruptedException {
        return ask(node, AccountCommands.STATUS, Map.of());
    }

    /**
     * Sets credits of this wallet aside for a node.
     *
     * @param payer whose promises they cover: this wallet, or a node of ours that pays those that forward to it
     */
    public Transactions.Receipt deposit(NodeEntry node, WalletAddress payer, long amount)
            throws ClientException, InterruptedException {
        Wallet wallet = client.identity().wallet();
        PaymentContracts contracts = chain.payments();
        WalletAddress settlement = chain.settlement().contract();
        BigInteger allowed = chain.ask(() -> contracts.allowance(wallet.address()));
        if (allowed.compareTo(BigInteger.valueOf(amount)) < 0) {
            WalletAddress credit = chain.ask(contracts::credit);
            chain.transact(wallet, credit, BigInteger.ZERO, PaymentContracts.approve(settlement, amount));
        }
        return chain.transact(wallet, settlement, BigInteger.ZERO,
                PaymentContracts.deposit(payer, node.wallet(), amount));
    }

    /**
     * Promises a node more: signs a voucher for what was promised before and this, and hands it over. Before that,
     * looks whether the node asks for more than it may: a price above par, or another payee or contract than the
     * network's.
     *
     * @param amount nanocredits, 1 or more
     * @return the quote after it
     */
    public JsonValue pay(NodeEntry node, long amount) throws ClientException, InterruptedException {
        JsonValue quote = status(node);
        requireFair(node, quote);
        long promised = quote.integer("promised").orElse(0);
        Hash256 root = quote.member("ledger").flatMap(ledger -> ledger.string("root")).flatMap(Hash256::parse)
                .orElseThrow(() -> new ClientException(Kind.REFUSED, "the node does not say how its ledger stands"));
        Wallet wallet = client.identity().wallet();
        Voucher voucher = new Voucher(wallet.address(), node.wallet(), Math.addExact(promised, amount), root);
        WalletSignature signature = wallet.signDigest(voucher.digest(chain.settlement(), SIGNATURES));
        JsonValue.Builder command = begin(AccountCommands.PAY);
        return require(client.command(node, AccountCommands.pay(command, voucher, signature).build().toString()));
    }

    private void requireFair(NodeEntry node, JsonValue quote) throws ClientException {
        boolean isPayee = quote.string("payee").filter(node.wallet().toString()::equals).isPresent();
        boolean isContract = quote.member("settlement").flatMap(part -> part.string("contract"))
                .filter(chain.settlement().contract().toString()::equals).isPresent()
                && quote.member("settlement").map(part -> part.integer("chainId").orElse(0)).orElse(0L)
                        == chain.settlement().chainId();
        if (!isPayee || !isContract) {
            throw new ClientException(Kind.REFUSED, "the node asks for another payee or contract than the network's");
        }
        boolean isWithinPar = quote.member("prices").flatMap(PriceList::parse).filter(PriceList::isWithinPar)
                .isPresent();
        if (!isWithinPar) {
            throw new ClientException(Kind.REFUSED, "the node asks for more than a listed node may");
        }
    }

    /** What a node that is ours earned; its statement is checked. */
    public JsonValue earnings(NodeEntry node) throws ClientException, InterruptedException {
        JsonValue earnings = ask(node, AccountCommands.EARNINGS, Map.of());
        if (earnings.member("signature").isPresent()) {
            requireSigned(node, earnings);
        }
        return earnings;
    }

    /** @throws ClientException when a statement is not signed by the node that it names */
    private void requireSigned(NodeEntry node, JsonValue earnings) throws ClientException {
        Statement statement = Statement.parse(earnings, SIGNATURES)
                .orElseThrow(() -> new ClientException(Kind.REFUSED, "the node's statement cannot be read"));
        boolean isSigned = earnings.string("signature").flatMap(WalletSignature::parse)
                .flatMap(signature -> SIGNATURES.recoverDigest(
                        statementDigest(statement), signature))
                .filter(node.wallet()::equals).isPresent();
        if (!isSigned || !statement.node().equals(node.wallet())) {
            throw new ClientException(Kind.REFUSED, "the node's statement is not signed by it");
        }
    }

    private Hash256 statementDigest(Statement statement) {
        try {
            return statement.digest(chain.settlement(), SIGNATURES);
        } catch (ClientException none) {
            return Hash256.of(new byte[Hash256.BYTES]);
        }
    }

    /**
     * Has a node that is ours redeem its vouchers now, and waits until the chain has them so deep that they stay.
     *
     * @throws ClientException REFUSED when the node says that it could not; TIMEOUT after ten minutes: it goes on
     *     trying
     */
    public void settle(NodeEntry node) throws ClientException, InterruptedException {
        ask(node, AccountCommands.SETTLE, Map.of());
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < SETTLE_LOOKS_MAX; i++) {
            JsonValue earnings = ask(node, AccountCommands.EARNINGS, Map.of());
            if (earnings.member("settling").filter(JsonValue.Literal.TRUE::equals).isEmpty()) {
                Optional<String> trouble = earnings.string("settleTrouble");
                if (trouble.isPresent()) {
                    throw new ClientException(Kind.REFUSED, "the node could not redeem: " + trouble.get()
                            + "; its status says more");
                }
                return;
            }
            never.await(SETTLE_LOOK_SECONDS, TimeUnit.SECONDS);
        }
        throw new ClientException(Kind.TIMEOUT, "the chain has not taken the vouchers yet; the node goes on trying");
    }

    /** Gives a wallet credit on a node that is ours; its quote. */
    public JsonValue grant(NodeEntry node, WalletAddress wallet, long amount)
            throws ClientException, InterruptedException {
        return ask(node, AccountCommands.GRANT,
                Map.of("wallet", JsonValue.of(wallet.toString()), "amount", JsonValue.of(amount)));
    }

    private JsonValue.Builder begin(String command) {
        return AccountCommands.begin(command, client.identity().wallet().address(), client.epochSeconds(),
                client.nonce());
    }

    private JsonValue ask(NodeEntry node, String command, Map<String, JsonValue> members)
            throws ClientException, InterruptedException {
        JsonValue.Builder json = begin(command);
        members.forEach(json::put);
        return require(client.command(node, json.build().toString()));
    }

    private static JsonValue require(JsonValue answer) throws ClientException {
        if (answer.member("ok").filter(JsonValue.Literal.TRUE::equals).isEmpty()) {
            throw new ClientException(Kind.REFUSED,
                    "the node says: " + answer.string("error").orElse(answer.toString()));
        }
        return answer;
    }
}
