package network.conet.edge.client.site;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * The messages of the existing network's web gateway (wire, section 8 of the reference) with our additions: parts, and
 * signed answers. Inside the seal stands
 *
 * <pre>
 *   { "request":  { v, type, requestId, from, target, method, path, query, headers, bodyBase64?, contentType?,
 *                   nonce, expiresAt, part?, last?, parts? }, "signMessage": "0x…" }
 *   { "response": { v, type, requestId, status, headers, contentType, bodyBase64, nonce, expiresAt, part, last },
 *     "signMessage": "0x…" }                                     to who said "parts"; else the response alone, unsigned
 * </pre>
 *
 * The signature is EIP-191 over the text of the inner object as it stands there.
 */
final class SiteCodec {
    private static final WalletSignatures SIGNATURES = new WalletSignatures();
    private static final String REQUEST = "conet_web3_request_v1";
    private static final String RESPONSE = "conet_web3_response_v1";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern METHOD = Pattern.compile("GET|HEAD|POST|PUT|PATCH|DELETE");
    private static final Pattern TEXT = Pattern.compile("[ -~]*");
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9-]{1,64}");

    private SiteCodec() {}

    static byte[] encode(SiteRequest request, Wallet sender, String nonce) {
        JsonValue.Builder json = JsonValue.object().put("v", 1).put("type", REQUEST)
                .put("requestId", request.id()).put("from", request.from().toString())
                .put("target", request.target().toString()).put("method", request.method())
                .put("path", request.path()).put("query", request.query()).put("headers", headers(request.headers()));
        if (request.body().length > 0) {
            json.put("bodyBase64", Base64.getEncoder().encodeToString(request.body()));
        }
        Optional.ofNullable(request.headers().get("content-type")).ifPresent(type -> json.put("contentType", type));
        json.put("nonce", nonce).put("expiresAt", request.expiresSeconds())
                .put("part", request.part()).put("last", request.isLast()).put("parts", request.isPartsWanted());
        return signed("request", json.build(), sender);
    }

    static byte[] encode(SiteResponse response, Wallet sender, String nonce, long expiresSeconds, boolean isSigned) {
        JsonValue json = JsonValue.object().put("v", 1).put("type", RESPONSE)
                .put("requestId", response.id()).put("status", response.status())
                .put("headers", headers(response.headers()))
                .put("contentType", response.headers().getOrDefault("content-type", ""))
                .put("bodyBase64", Base64.getEncoder().encodeToString(response.body()))
                .put("nonce", nonce).put("expiresAt", expiresSeconds)
                .put("part", response.part()).put("last", response.isLast()).build();
        return isSigned ? signed("response", json, sender) : json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] signed(String name, JsonValue inner, Wallet sender) {
        WalletSignature signature = sender.signPersonal(inner.toString().getBytes(StandardCharsets.UTF_8));
        return JsonValue.object().put(name, inner).put("signMessage", signature.toString()).build().toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonValue headers(Map<String, String> headers) {
        JsonValue.Builder json = JsonValue.object();
        headers.forEach(json::put);
        return json.build();
    }

    /** Whether a text is meant to be a request, well-formed or not. */
    static boolean isRequest(String plaintext) {
        return json(plaintext).flatMap(json -> json.member("request")).isPresent();
    }

    /** A request that its sender signed; empty for anything else. */
    static Optional<SiteRequest> request(String plaintext) {
        Optional<JsonValue> outer = json(plaintext);
        Optional<JsonValue> inner = outer.flatMap(json -> json.member("request"));
        if (inner.isEmpty() || !inner.get().string("type").equals(Optional.of(REQUEST))) {
            return Optional.empty();
        }
        JsonValue json = inner.get();
        Optional<WalletAddress> from = wallet(json, "from");
        Optional<WalletAddress> target = wallet(json, "target");
        Optional<String> id = json.string("requestId").filter(text -> ID.matcher(text).matches());
        Optional<String> method = json.string("method").map(text -> text.toUpperCase(Locale.ROOT))
                .filter(text -> METHOD.matcher(text).matches());
        String path = json.string("path").orElse("/");
        String query = json.string("query").orElse("").replaceFirst("^\\?", "");
        Optional<byte[]> body = base64(json.string("bodyBase64").orElse(""));
        Optional<Map<String, String>> headers = headers(json);
        boolean isWhole = from.isPresent() && target.isPresent() && id.isPresent() && method.isPresent()
                && body.isPresent() && headers.isPresent() && path.startsWith("/") && isText(path + query)
                && path.length() + query.length() <= SiteLimits.TARGET_CHARS_MAX && isSignedBy(outer.get(), json, from);
        if (!isWhole) {
            return Optional.empty();
        }
        Map<String, String> all = headers.get();
        json.string("contentType").filter(SiteCodec::isText).ifPresent(type -> all.putIfAbsent("content-type", type));
        return Optional.of(new SiteRequest(id.get(), from.get(), target.get(), method.get(), path, query, all,
                body.get(), (int) json.integer("part").orElse(0), isTrueOr(json, "last", true),
                isTrueOr(json, "parts", false), json.integer("expiresAt").orElse(0)));
    }

    /** An answer that the owner of a site signed; empty for anything else. */
    static Optional<SiteResponse> response(String plaintext, WalletAddress site) {
        Optional<JsonValue> outer = json(plaintext);
        Optional<JsonValue> inner = outer.flatMap(json -> json.member("response"));
        if (inner.isEmpty() || !inner.get().string("type").equals(Optional.of(RESPONSE))) {
            return Optional.empty();
        }
        JsonValue json = inner.get();
        Optional<String> id = json.string("requestId").filter(text -> ID.matcher(text).matches());
        Optional<byte[]> body = base64(json.string("bodyBase64").orElse(""));
        Optional<Map<String, String>> headers = headers(json);
        long status = json.integer("status").orElse(0);
        long part = json.integer("part").orElse(0);
        boolean isWhole = id.isPresent() && body.isPresent() && headers.isPresent() && status >= 200 && status <= 599
                && part >= 0 && part <= Integer.MAX_VALUE && isSignedBy(outer.get(), json, Optional.of(site));
        return isWhole
                ? Optional.of(new SiteResponse(id.get(), (int) status, headers.get(), body.get(), (int) part,
                        isTrueOr(json, "last", true)))
                : Optional.empty();
    }

    /** Id of the request that an answer says to be for, whoever sent it. */
    static Optional<String> answeredId(String plaintext) {
        return json(plaintext).flatMap(json -> json.member("response")).flatMap(json -> json.string("requestId"));
    }

    private static boolean isSignedBy(JsonValue outer, JsonValue inner, Optional<WalletAddress> signer) {
        byte[] text = inner.toString().getBytes(StandardCharsets.UTF_8);
        return outer.string("signMessage").flatMap(WalletSignature::parse)
                .flatMap(signature -> SIGNATURES.recoverPersonal(text, signature)).equals(signer);
    }

    private static Optional<WalletAddress> wallet(JsonValue json, String name) {
        return json.string(name).flatMap(text -> WalletAddress.parse(text, SIGNATURES));
    }

    private static boolean isTrueOr(JsonValue json, String name, boolean whenAbsent) {
        return json.member(name).map(JsonValue.Literal.TRUE::equals).orElse(whenAbsent);
    }

    private static boolean isText(String text) {
        return TEXT.matcher(text).matches();
    }

    private static Optional<Map<String, String>> headers(JsonValue json) {
        Map<String, String> found = new LinkedHashMap<>();
        if (!(json.member("headers").orElse(null) instanceof JsonValue.Obj object)) {
            return Optional.of(found);
        }
        if (object.members().size() > SiteLimits.HEADERS_MAX) {
            return Optional.empty();
        }
        for (Map.Entry<String, JsonValue> each : object.members().entrySet()) {
            String name = each.getKey().toLowerCase(Locale.ROOT);
            Optional<String> value = each.getValue().asString();
            boolean isTaken = HEADER_NAME.matcher(name).matches() && value.isPresent() && isText(value.get())
                    && value.get().length() <= SiteLimits.HEADER_CHARS_MAX;
            if (!isTaken) {
                return Optional.empty();
            }
            found.put(name, value.get());
        }
        return Optional.of(found);
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** As it is, or as base64 of it, which other clients write. */
    private static Optional<JsonValue> json(String plaintext) {
        String text = plaintext.trim();
        try {
            return Optional.of(text.startsWith("{") ? JsonValue.parse(text)
                    : JsonValue.parse(Base64.getDecoder().decode(text)));
        } catch (JsonException | IllegalArgumentException neither) {
            return Optional.empty();
        }
    }
}
