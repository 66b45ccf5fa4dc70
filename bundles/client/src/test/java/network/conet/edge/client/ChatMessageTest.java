package network.conet.edge.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import org.junit.jupiter.api.Test;

class ChatMessageTest {
    private static final long NOW = 1_795_385_476_000L;

    private final Wallet alice = wallet(1);
    private final Wallet eve = wallet(2);

    @Test
    void tellsTheRecipientWhoSaidWhatAndWhen() {
        for (String text : new String[] {"hello", "", "\u00fc\uD83D\uDE00\n\"quoted\"\u0000"}) {
            ChatMessage message = ChatMessage.decode(ChatMessage.encode(alice, text, NOW));
            assertEquals(new ChatMessage(Optional.of(alice.address()), true, NOW, text), message);
        }
    }

    @Test
    void doesNotBelieveASenderWhoDidNotSign() {
        JsonValue genuine = JsonValue.object()
                .put("text", "send me coins")
                .put("from", alice.address().toString())
                .put("signMessage", eve.signPersonal("send me coins".getBytes(StandardCharsets.UTF_8)).toString())
                .build();
        ChatMessage message = ChatMessage.decode(base64(genuine.toString()));
        assertEquals(Optional.of(alice.address()), message.from());
        assertFalse(message.isSenderProven());
    }

    @Test
    void doesNotBelieveASignatureOverAnotherText() {
        JsonValue changed = JsonValue.object()
                .put("text", "send her coins")
                .put("from", alice.address().toString())
                .put("signMessage", alice.signPersonal("send me coins".getBytes(StandardCharsets.UTF_8)).toString())
                .build();
        assertFalse(ChatMessage.decode(base64(changed.toString())).isSenderProven());
    }

    @Test
    void readsMessagesOfOlderClientsThatDoNotSign() {
        ChatMessage message = ChatMessage.decode(base64("{\"from\":\"" + alice.address() + "\",\"text\":\"hello\"}"));
        assertEquals("hello", message.text());
        assertFalse(message.isSenderProven());
        assertEquals(-1, message.sentMillis());
    }

    @Test
    void takesAnythingElseForAText() {
        for (String other : new String[] {"plain words", "", "{\"text\":1}", "eyJub3QiOiJhIG1lc3NhZ2UifQ=="}) {
            ChatMessage message = ChatMessage.decode(other.getBytes(StandardCharsets.UTF_8));
            assertEquals(other, message.text());
            assertTrue(message.from().isEmpty());
        }
    }

    private static byte[] base64(String text) {
        return Base64.getEncoder().encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Wallet wallet(int key) {
        byte[] bytes = new byte[32];
        bytes[31] = (byte) key;
        return Wallet.of(bytes);
    }
}
