package network.conet.edge.client.site;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a site answers.
 *
 * @param status HTTP status
 * @param headers names in lower case
 * @param body read to its end and closed by who sends it
 */
record SiteAnswer(int status, Map<String, String> headers, InputStream body) {
    static SiteAnswer text(int status, String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "text/plain; charset=utf-8");
        headers.put("cache-control", "no-store");
        return new SiteAnswer(status, headers,
                new ByteArrayInputStream((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    static SiteAnswer empty(int status, Map<String, String> headers) {
        return new SiteAnswer(status, headers, InputStream.nullInputStream());
    }
}
