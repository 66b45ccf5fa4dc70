package network.conet.edge.client.cli;

import java.math.BigInteger;
import network.conet.edge.api.Settlements;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.client.Chain;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet account}. */
@Command(name = "account", mixinStandardHelpOptions = true,
        description = "This wallet's account on a node: what things cost, deposits, payments.")
final class AccountCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do");
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "How the account stands, and what things cost.")
    int show(@Mixin Settings settings, @Mixin OnNode on) throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        JsonValue quote = account.accounts().status(account.node());
        print(settings, quote);
        return 0;
    }

    private void print(Settings settings, JsonValue quote) {
        settings.print(spec.commandLine().getOut(), quote, "balance " + amount(quote, "balance") + " credits: promised "
                + amount(quote, "promised") + ", given by the owner " + amount(quote, "granted") + ", used "
                + amount(quote, "charged") + "; paid on the chain " + amount(quote, "paid"));
    }

    static String amount(JsonValue json, String member) {
        return json.integer(member).isPresent() ? Amounts.show(json.integer(member).getAsLong()) : "?";
    }

    @Command(name = "deposit", mixinStandardHelpOptions = true,
            description = "Set credits aside for a node, on the chain. What is not promised comes back with: withdraw")
    int deposit(@Mixin Settings settings, @Mixin OnNode on,
            @Option(names = "--payer", paramLabel = "WALLET",
                    description = "Whose promises it covers: a node of yours that pays those which forward to it")
            String payer,
            @Parameters(paramLabel = "CREDITS", description = "How many, as in 0.25") String credits)
            throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        long amount = Amounts.credits(credits);
        WalletAddress covered =
                payer == null ? settings.identity().wallet().address() : settings.address(payer);
        settings.progress(spec.commandLine().getErr(), "depositing ...");
        Transactions.Receipt receipt = account.accounts().deposit(account.node(), covered, amount);
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("nanocredits", amount)
                .put("node", account.node().wallet().toString()).put("transaction", receipt.hash().toString()).build(),
                Amounts.show(amount) + " credits set aside for " + account.node().keyId() + " (transaction "
                        + receipt.hash() + ")");
        return 0;
    }

    @Command(name = "pay", mixinStandardHelpOptions = true,
            description = "Promise a node more of what was set aside for it, by a voucher; the chain is not"
                    + " needed for that.")
    int pay(@Mixin Settings settings, @Mixin OnNode on,
            @Parameters(paramLabel = "CREDITS", description = "How many, as in 0.25") String credits)
            throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        print(settings, account.accounts().pay(account.node(), Amounts.credits(credits)));
        return 0;
    }

    @Command(name = "withdraw", mixinStandardHelpOptions = true,
            description = "Ask back what is set aside for a node; a day later, --finish brings it.")
    int withdraw(@Mixin Settings settings, @Mixin OnNode on,
            @Option(names = "--finish", description = "Take what was asked back") boolean isFinish,
            @Parameters(paramLabel = "CREDITS", arity = "0..1", description = "How many; default: all") String credits)
            throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        Chain chain = settings.chain();
        Wallet wallet = settings.identity().wallet();
        WalletAddress contract = chain.settlement().contract();
        WalletAddress node = account.node().wallet();
        byte[] call = isFinish ? PaymentContracts.exit(wallet.address(), node)
                : PaymentContracts.requestExit(node, credits == null ? balance(chain, wallet, node)
                        : Amounts.credits(credits));
        Transactions.Receipt receipt = chain.transact(wallet, contract, BigInteger.ZERO, call);
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("transaction", receipt.hash().toString())
                .put("finished", isFinish).build(), isFinish ? "the credits are back" : "asked for; in a day: "
                        + "conet account withdraw --finish");
        return 0;
    }

    private static long balance(Chain chain, Wallet wallet, WalletAddress node) throws ClientException {
        PaymentContracts payments = chain.payments();
        Settlements.Channel channel = chain.ask(() -> payments.channelNow(wallet.address(), node));
        if (channel.balance() == 0) {
            throw new ClientException(Kind.REFUSED, "nothing is set aside for that node");
        }
        return channel.balance();
    }

    @Command(name = "grant", mixinStandardHelpOptions = true,
            description = "Give a wallet credit on a node that is yours, without the chain.")
    int grant(@Mixin Settings settings, @Mixin OnNode on,
            @Parameters(paramLabel = "WALLET", description = "Who gets it") String wallet,
            @Parameters(paramLabel = "CREDITS", description = "How many, as in 0.25") String credits)
            throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        JsonValue quote = account.accounts().grant(account.node(), settings.address(wallet), Amounts.credits(credits));
        settings.print(spec.commandLine().getOut(), quote, wallet + " has " + amount(quote, "balance")
                + " credits here");
        return 0;
    }
}
