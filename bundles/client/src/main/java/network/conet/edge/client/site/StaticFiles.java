package network.conet.edge.client.site;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a directory. Nothing outside of it can be reached: not by dots, written or encoded, nor by links that
 * lead out; files and directories whose names begin with a dot are not there.
 */
final class StaticFiles implements SiteSource {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"), Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"), Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"), Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"), Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("xml", "application/xml"), Map.entry("svg", "image/svg+xml"), Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"), Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"), Map.entry("avif", "image/avif"), Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"), Map.entry("wasm", "application/wasm"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("mp4", "video/mp4"), Map.entry("webm", "video/webm"), Map.entry("mp3", "audio/mpeg"));
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private final Path root;

    /** @throws IOException when the directory is not there */
    StaticFiles(Path root) throws IOException {
        this.root = root.toRealPath();
        if (!Files.isDirectory(this.root)) {
            throw new IOException(root + " is no directory");
        }
    }

    @Override
    public SiteAnswer answer(SiteRequest request) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return SiteAnswer.text(405, "only GET and HEAD");
        }
        Optional<Path> found = find(request.path());
        if (found.isEmpty()) {
            return SiteAnswer.text(404, "not found");
        }
        Path file = found.get();
        if (Files.isDirectory(file)) {
            if (!request.path().endsWith("/")) {
                return SiteAnswer.empty(308, Map.of("location", request.path() + "/"));
            }
            file = file.resolve("index.html");
            if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(root)) {
                return SiteAnswer.text(404, "not found");
            }
        }
        return file(file, request);
    }

    /** The file or directory of a path, if it is inside. */
    private Optional<Path> find(String path) {
        try {
            Path file = root;
            for (String segment : path.split("/")) {
                // A plus is a plus in a path; the decoder is one for forms.
                String name = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
                if (name.startsWith(".") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf(0) >= 0) {
                    return Optional.empty();
                }
                file = name.isEmpty() ? file : file.resolve(name);
            }
            Path real = file.toRealPath();
            return real.startsWith(root) && (Files.isRegularFile(real) || Files.isDirectory(real))
                    ? Optional.of(real) : Optional.empty();
        } catch (IOException | IllegalArgumentException absent) {
            return Optional.empty();
        }
    }

    private static SiteAnswer file(Path file, SiteRequest request) throws IOException {
        long size = Files.size(file);
        FileTime modified = Files.getLastModifiedTime(file);
        String tag = "\"" + Long.toHexString(size) + "-" + Long.toHexString(modified.toMillis()) + "\"";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", type(file));
        headers.put("etag", tag);
        headers.put("last-modified", DATE.format(modified.toInstant()));
        headers.put("accept-ranges", "bytes");
        headers.put("cache-control", "no-cache");
        if (tag.equals(request.headers().get("if-none-match"))) {
            return SiteAnswer.empty(304, headers);
        }
        long from = 0;
        long length = size;
        int status = 200;
        Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
        if (range.matches()) {
            from = Long.parseLong(range.group(1));
            long to = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
            if (from > to) {
                headers.put("content-range", "bytes */" + size);
                return SiteAnswer.empty(416, headers);
            }
            length = to - from + 1;
            status = 206;
            headers.put("content-range", "bytes " + from + "-" + to + "/" + size);
        }
        headers.put("content-length", Long.toString(length));
        if (request.method().equals("HEAD")) {
            return SiteAnswer.empty(status, headers);
        }
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(from);
        return new SiteAnswer(status, headers, new Bounded(in, length));
    }

    private static String type(Path file) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }
}
