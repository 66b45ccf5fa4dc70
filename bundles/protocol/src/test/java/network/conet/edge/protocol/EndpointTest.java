package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, 127.0.0.2, 80, 127.0.0.2", "127.0.0.2:80, 127.0.0.2, 80, 127.0.0.2",
        "node.conet.network:1, node.conet.network, 1, node.conet.network:1",
        "a:65535, a, 65535, a:65535", "' b-1.example:8080\t', b-1.example, 8080, b-1.example:8080"})
    void readsHostsWithAndWithoutPort(String text, String host, int port, String written) {
        Endpoint endpoint = Endpoint.parse(text).orElseThrow();
        assertEquals(new Endpoint(host, port), endpoint);
        assertEquals(written, endpoint.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", ":80", "a:", "a:0", "a:00080", "a:080", "a:65536", "a:99999", "a:100000", "a:-1", "a:+1", "a:8o",
        "a:80:80", "::1", "[::1]:80", "a b", "a/b", "a@b", "-a", "a-", ".a", "a.", "a\r\nHost: b", "a\u0000",
        "http://a", "\u00e4.example"})
    void refusesAnythingElse(String text) {
        assertEquals(Optional.empty(), Endpoint.parse(text));
    }

    @Test
    void acceptsHostOfExactlyMaxAndRefusesOneMore() {
        assertEquals(253, Endpoint.parse("a".repeat(253)).orElseThrow().host().length());
        assertEquals(Optional.empty(), Endpoint.parse("a".repeat(254)));
    }

    @Test
    void cannotBeBuiltOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", 0));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", 65536));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a\n", 80));
    }
}
