package network.conet.edge.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's files on this disk: what git would commit, or, outside of git, all but the products of builds. */
final class Repository {
    static final Path ROOT = Path.of(System.getProperty("conet.root")).toAbsolutePath().normalize();

    private static final Set<String> BUILD_PRODUCTS = Set.of("target", "node_modules", ".git");
    private static final long TEXT_BYTES_MAX = 4 << 20;

    private Repository() {}

    /** Paths below the root, with slashes, in order. */
    static List<String> files() throws IOException, InterruptedException {
        if (Files.exists(ROOT.resolve(".git"))) {
            Process git = new ProcessBuilder("git", "ls-files", "-co", "--exclude-standard", "-z")
                    .directory(ROOT.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String listed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() == 0) {
                return Stream.of(listed.split("\0")).filter(name -> Files.isRegularFile(ROOT.resolve(name)))
                        .distinct().sorted().toList();
            }
        }
        return walk();
    }

    private static List<String> walk() throws IOException {
        Set<String> found = new TreeSet<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean isProduct = BUILD_PRODUCTS.contains(directory.getFileName().toString());
                return isProduct ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(ROOT.relativize(file).toString().replace('\\', '/'));
                return FileVisitResult.CONTINUE;
            }
        });
        return List.copyOf(found);
    }

    /** The files that are UTF-8 text. */
    static List<Source> sources() throws IOException, InterruptedException {
        List<Source> sources = new ArrayList<>();
        for (String name : files()) {
            Path file = ROOT.resolve(name);
            if (Files.size(file) <= TEXT_BYTES_MAX) {
                try {
                    sources.add(new Source(name, Files.readString(file)));
                } catch (MalformedInputException binary) {
                    continue;
                }
            }
        }
        return sources;
    }

    /** Short names of the bundles: the folders of {@code bundles}. */
    static Set<String> bundles() throws IOException {
        return modules("bundles");
    }

    /** Short names of the libraries that are shipped as bundles of our making: the folders of {@code distrib/wraps}. */
    static Set<String> wraps() throws IOException {
        return modules("distrib/wraps");
    }

    private static Set<String> modules(String parent) throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve(parent))) {
            Set<String> names = new TreeSet<>();
            folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .forEach(folder -> names.add(folder.getFileName().toString()));
            return names;
        }
    }

    /** The manifest of a built bundle. */
    static Manifest manifest(String bundle) {
        return manifest("bundles/" + bundle, bundle);
    }

    /** The manifest of a built bundle that holds a library. */
    static Manifest wrapManifest(String wrap) {
        return manifest("distrib/wraps/" + wrap, "wraps." + wrap);
    }

    private static Manifest manifest(String folder, String name) {
        try (JarFile jar = jar(folder, name)) {
            return jar.getManifest();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The packages of the classes in a bundle's jar: its own, and those of libraries that it carries. */
    static Set<String> packages(String bundle) {
        try (JarFile jar = jar("bundles/" + bundle, bundle)) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && name.indexOf('/') > 0)
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static JarFile jar(String folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder + "/target"))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString()
                    .matches(Pattern.quote("network.conet.edge." + name) + "-[0-9.]+\\.jar")).toList();
            if (jars.size() != 1) {
                throw new AssertionError("expected one jar of " + name + ", found " + jars);
            }
            return new JarFile(jars.get(0).toFile());
        }
    }
}
