package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code compose.yaml} as {@code docker compose} reads it: anchors followed, the variables of {@code .env} put in. */
final class ComposeFile {

    /** {@code ${NAME}}, {@code ${NAME-default}}, {@code ${NAME:-default}} and {@code ${NAME:?what to do when it is missing}}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?:(:?)([-?])([^}]*))?}");

    private static final Pattern ASSIGNMENT = Pattern.compile("(?m)^(\\w+)=(?:'([^']*)'|(.*))$");

    private final JsonNode services;
    private final Map<String, String> variables;

    private ComposeFile(JsonNode services, Map<String, String> variables) {
        this.services = services;
        this.variables = variables;
    }

    static ComposeFile read(Path file, Map<String, String> variables) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object content = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
        JsonNode services = JsonMapper.builder().build().valueToTree(content).path("services");
        return new ComposeFile(services, variables);
    }

    /** The variables that a {@code .env} sets. */
    static Map<String, String> variables(Path file) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        Matcher assignment = ASSIGNMENT.matcher(Files.readString(file));
        while (assignment.find()) {
            String quoted = assignment.group(2);
            variables.put(assignment.group(1), quoted == null ? assignment.group(3) : quoted);
        }
        return variables;
    }

    /** What is built here and keeps running, in the order of the file. */
    List<String> ourServices() {
        return services.propertyNames().stream()
                .filter(name -> services.path(name).has("build")
                        && services.path(name).path("restart").asString().equals("unless-stopped"))
                .toList();
    }

    /** The folder whose runnable jar a service's image holds. */
    String module(String service) {
        return services.required(service).at("/build/args/MODULE").asString();
    }

    Map<String, String> environment(String service) {
        Map<String, String> environment = new LinkedHashMap<>();
        services.required(service)
                .required("environment")
                .forEachEntry((name, value) -> environment.put(name, resolve(value.asString(), variables)));
        return environment;
    }

    /** One variable of a service's environment, which must be there. */
    String variable(String service, String name) {
        return resolve(
                services.required(service)
                        .required("environment")
                        .required(name)
                        .asString(),
                variables);
    }

    /** The published ports of all services: {@code address:port on this machine:port in the container}. */
    List<String> publishedPorts() {
        List<String> published = new ArrayList<>();
        services.forEach(service -> service.path("ports").forEach(port -> published.add(port.asString())));
        return published.stream().map(port -> resolve(port, variables)).toList();
    }

    /** How long a service may take to stop. */
    Duration gracePeriod(String service) {
        return DurationStyle.detectAndParse(
                services.required(service).required("stop_grace_period").asString());
    }

    /** Puts variables into a text. */
    static String resolve(String text, Map<String, String> variables) {
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match, variables)));
    }

    private static String value(MatchResult variable, Map<String, String> variables) {
        String value = variables.get(variable.group(1));
        boolean missing = value == null || (value.isEmpty() && ":".equals(variable.group(2)));
        if (value != null && !missing) {
            return value;
        }
        if ("-".equals(variable.group(3))) {
            return variable.group(4);
        }
        throw new AssertionError(variable.group() + " has no value");
    }
}
