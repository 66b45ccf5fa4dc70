package network.conet.edge.services.internal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.protocol.service.ServiceManifest;
import network.conet.edge.protocol.service.ServiceName;
import network.conet.edge.protocol.service.ServiceVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands by which the owner manages services ({@code docs/protocol/services.md}, section 6). They run one after
 * the other on the thread that installs, and are answered sealed.
 */
final class Management {
    private static final Logger LOG = LoggerFactory.getLogger(Management.class);

    private final ServicesSettings settings;
    private final Signatures signatures;
    private final ServiceBook book;
    private final Shop shop;
    private final Counters counters;
    private final SecureRandom random;
    private final Executor thread;

    /** The framework's side: what is installed stays installed over restarts. On the installing thread. */
    interface Shop {
        /** Checks a bundle, installs it, serves it. */
        Installed install(ServiceBundle bundle) throws RefusedException;

        /** Installs as above; the older versions go when it has proven itself. */
        Installed update(ServiceBundle bundle) throws RefusedException;

        /** Takes a version away for good. */
        void remove(Installed version) throws RefusedException;
    }

    Management(ServicesSettings settings, Signatures signatures, ServiceBook book, Shop shop,
            CallParts parts, Executor thread) {
        this.settings = settings;
        this.signatures = signatures;
        this.book = book;
        this.shop = shop;
        this.counters = parts.counters();
        this.random = parts.random();
        this.thread = thread;
    }

    void run(Command.OfService command, Exchange exchange) {
        ReplyKey key;
        try {
            key = ServiceCall.replyKey(command.message());
        } catch (RefusedException malformed) {
            exchange.refuse(malformed.reason());
            return;
        }
        try {
            thread.execute(() -> answer(command, new SealedReply(exchange, key, random)));
        } catch (RejectedExecutionException full) {
            exchange.refuse(RefuseReason.SERVICE_BUSY);
        }
    }

    private void answer(Command.OfService command, SealedReply reply) {
        JsonValue.Builder outcome = JsonValue.object();
        try {
            outcome.put("ok", true);
            act(command, outcome);
        } catch (RefusedException refused) {
            counters.refused(refused.reason());
            outcome = JsonValue.object().put("ok", false).put("reason", refused.reason().label());
            if (isOwner(command)) {
                outcome.put("detail", refused.getMessage());
            }
        } catch (RuntimeException | AssertionError fault) {
            LOG.error("A command for services failed in the host", fault);
            counters.refused(RefuseReason.INTERNAL);
            outcome = JsonValue.object().put("ok", false).put("reason", RefuseReason.INTERNAL.label());
        }
        reply.end(outcome.build());
    }

    private boolean isOwner(Command.OfService command) {
        return settings.owners().contains(command.header().wallet());
    }

    private void act(Command.OfService command, JsonValue.Builder outcome) throws RefusedException {
        if (command.name().equals(ServiceCommands.LIST)) {
            outcome.put("services", list(isOwner(command)));
            return;
        }
        if (!isOwner(command)) {
            throw new RefusedException(RefuseReason.OWNER_ONLY);
        }
        JsonValue message = command.message();
        switch (command.name()) {
            case ServiceCommands.INSTALL -> describe(shop.install(bundle(message)), outcome);
            case ServiceCommands.UPDATE -> describe(shop.update(bundle(message)), outcome);
            case ServiceCommands.REMOVE -> {
                List<Installed> versions = named(message);
                for (Installed each : versions) {
                    shop.remove(each);
                }
                outcome.put("removed", versions.size());
            }
            case ServiceCommands.RELEASE -> {
                List<Installed> versions = named(message);
                versions.forEach(Installed::release);
                outcome.put("released", versions.size());
            }
            default -> throw new RefusedException(RefuseReason.COMMAND_UNKNOWN);
        }
    }

    private static void describe(Installed version, JsonValue.Builder outcome) {
        outcome.put("service", version.manifest().name().text())
                .put("version", version.manifest().version().toString());
    }

    private static ServiceBundle bundle(JsonValue message) throws RefusedException {
        try {
            return ServiceBundle.ofJar(Base64.getDecoder().decode(message.string("bundle").orElse("")));
        } catch (IllegalArgumentException notBase64) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
    }

    private List<Installed> named(JsonValue message) throws RefusedException {
        ServiceName name = message.string("service").flatMap(ServiceName::parse)
                .orElseThrow(() -> new RefusedException(RefuseReason.COMMAND_MALFORMED));
        Optional<ServiceVersion> version = Optional.empty();
        if (message.member("version").isPresent()) {
            version = Optional.of(message.string("version").flatMap(ServiceVersion::parse)
                    .orElseThrow(() -> new RefusedException(RefuseReason.COMMAND_MALFORMED)));
        }
        List<Installed> found = new ArrayList<>();
        for (Installed each : book.all()) {
            boolean isMeant = each.manifest().name().equals(name)
                    && (version.isEmpty() || version.get().equals(each.manifest().version()));
            if (isMeant) {
                found.add(each);
            }
        }
        if (found.isEmpty()) {
            throw new RefusedException(RefuseReason.SERVICE_UNKNOWN);
        }
        return found;
    }

    private JsonValue list(boolean isOwner) {
        List<JsonValue> services = new ArrayList<>();
        for (Installed each : book.all()) {
            ServiceManifest manifest = each.manifest();
            JsonValue.Builder one = JsonValue.object()
                    .put("service", manifest.name().text())
                    .put("version", manifest.version().toString())
                    .put("about", manifest.about())
                    .put("current", book.isCurrent(each))
                    .put("state", each.phase().name().toLowerCase(Locale.ROOT))
                    .put("price", JsonValue.object().put("call", manifest.price().call())
                            .put("megafuel", manifest.price().megafuel()).build())
                    .put("inputBytes", manifest.limits().inputBytes());
            if (isOwner) {
                List<JsonValue> capabilities = manifest.capabilities().keySet().stream()
                        .map(Capability::label).map(JsonValue::of).toList();
                one.put("capabilities", JsonValue.array(capabilities)).put("digest", each.digest());
            }
            services.add(one.build());
        }
        return JsonValue.array(services);
    }
}
