import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Prints how many tests of each kind ran over all modules, from the XML reports of Surefire and Failsafe. The kind is in the
 * class name; a test that a class inherits from a {@code *Contract} is a contract test. Run at the end of the build: {@code java build-tools/TestReport.java <project folder>}.
 */
public final class TestReport {

    private enum Kind {
        UNIT("unit"),
        TRANSITION_TABLE("transition table"),
        SIMULATION("simulation"),
        CONTRACT("contract"),
        INTEGRATION("integration"),
        END_TO_END("end to end"),
        TIDY("tidy");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        static Kind of(String className, boolean inherited) {
            if (inherited) {
                return CONTRACT;
            }
            if (className.endsWith("SagaTransitionsTest")) {
                return TRANSITION_TABLE;
            } else if (className.endsWith("SimulationTest")) {
                return SIMULATION;
            } else if (className.endsWith("ArchitectureTest") || className.endsWith("TidyTest")) {
                return TIDY;
            } else if (className.endsWith("IT")) {
                return INTEGRATION;
            } else if (className.endsWith("E2E")) {
                return END_TO_END;
            }
            return UNIT;
        }
    }

    private TestReport() {}

    public static void main(String[] args) throws Exception {
        Map<String, Set<String>> contracts = contracts(Path.of(args[0]));
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        int skipped = 0;
        for (Path report : reports(Path.of(args[0]))) {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile());
            skipped += count(document.getElementsByTagName("testcase"), contracts, counts);
        }
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("Tests that ran:");
        for (Kind kind : Kind.values()) {
            System.out.printf("  %-17s %6d%n", kind.title, counts.getOrDefault(kind, 0));
        }
        System.out.printf("  %-17s %6d%s%n", "in all", total, skipped == 0 ? "" : ", and " + skipped + " skipped");
    }

    /** Adds to the counts and returns how many were skipped. */
    private static int count(NodeList tests, Map<String, Set<String>> contracts, Map<Kind, Integer> counts) {
        int skipped = 0;
        for (int i = 0; i < tests.getLength(); i++) {
            Element test = (Element) tests.item(i);
            if (test.getElementsByTagName("skipped").getLength() > 0) {
                skipped++;
            } else {
                String outermost = test.getAttribute("classname").replaceAll("\\$.*", "");
                String method = test.getAttribute("name").replaceAll("\\W.*", "");
                boolean inherited = contracts
                        .getOrDefault(outermost.replaceAll(".*\\.", ""), Set.of())
                        .contains(method);
                counts.merge(Kind.of(outermost, inherited), 1, Integer::sum);
            }
        }
        return skipped;
    }

    /** By the simple name of a test class, the methods that it inherits from a contract. */
    private static Map<String, Set<String>> contracts(Path project) throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.find(project, 20, (file, attributes) -> file.toString()
                .matches(".*/src/test/java/.*(IT|Contract)\\.java"))) {
            for (Path file : files.toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        Map<String, Set<String>> inherited = new HashMap<>();
        sources.forEach((name, source) -> {
            Matcher contract = Pattern.compile("class " + name + " extends (\\w+Contract)").matcher(source);
            if (contract.find()) {
                inherited.put(name, tests(sources.get(contract.group(1))));
            }
        });
        return inherited;
    }

    private static Set<String> tests(String source) {
        Set<String> tests = new HashSet<>();
        Matcher method = Pattern.compile("@(?:Parameterized)?Test[^{]*?\\bvoid (\\w+)\\(").matcher(source);
        while (method.find()) {
            tests.add(method.group(1));
        }
        return tests;
    }

    private static List<Path> reports(Path project) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (Stream<Path> modules = Files.list(project)) {
            for (Path module : modules.sorted().toList()) {
                reports.addAll(in(module.resolve("target/surefire-reports")));
                reports.addAll(in(module.resolve("target/failsafe-reports")));
            }
        }
        return reports;
    }

    private static List<Path> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }
}
