package dev.counterstep.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What {@code compose.yaml} describes, as processes of this machine: what is in the images, each with the
 * environment its container gets. Only host names and ports are others.
 */
final class ComposeStack implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final int EXIT_CODE_OF_SIGTERM = 143;
    private static final Pattern HEALTH_URL = Pattern.compile("HEALTHCHECK [^\"]*\"([^\"]+)\"");

    private final Path root;
    private final Path images;
    private final ComposeFile compose;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final List<Instance> instances = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** One of the processes of a service. */
    record Instance(String service, String url, URI health, ChildJvm jvm) {}

    /** PostgreSQL, Kafka and what is unpacked are kept in {@code folder}. */
    ComposeStack(Path root, ComposeFile compose, Path folder) throws IOException {
        this.root = root;
        this.images = Files.createDirectory(folder.resolve("images"));
        this.compose = compose;
        String password = compose.variable("postgres", "POSTGRES_PASSWORD");
        Path home = Files.createDirectory(folder.resolve("servers"));
        this.postgres = new PostgresServer(home, FreePorts.one(), password);
        this.kafka = new KafkaServer(home, FreePorts.one());
    }

    void startServers() {
        postgres.start();
        kafka.start();
    }

    /** Where Kafka is for programs on this machine. */
    String bootstrap() {
        return kafka.bootstrap();
    }

    /** Unpacks the jars, as the Dockerfile does: they start faster that way. */
    void unpack(List<String> services) throws InterruptedException, IOException {
        List<ChildJvm> unpacking = new ArrayList<>();
        try {
            for (String service : services) {
                unpacking.add(ChildJvm.ofJar(
                        packaged(compose.module(service)),
                        Map.of("JAVA_TOOL_OPTIONS", "-Djarmode=tools"),
                        "extract",
                        "--destination",
                        images.resolve(service).toString()));
            }
            for (ChildJvm jvm : unpacking) {
                assertThat(jvm.awaitExit(START_LIMIT)).as(jvm.output()).isZero();
            }
        } finally {
            unpacking.forEach(ChildJvm::close);
        }
    }

    /** Runs the migrator, which must succeed. */
    void migrate() throws IOException, InterruptedException {
        try (ChildJvm migrator = ChildJvm.ofJar(jar("migrator"), environment("migrator"))) {
            int exitCode = migrator.awaitExit(START_LIMIT);
            assertThat(exitCode).as(migrator.output()).isZero();
        }
    }

    /** Runs the orchestrator's command {@code verify}, which must find nothing. Returns what it prints. */
    String verify() throws IOException, InterruptedException {
        try (ChildJvm verify = ChildJvm.ofJar(jar("orchestrator"), environment("orchestrator"), "verify")) {
            int exitCode = verify.awaitExit(START_LIMIT);
            assertThat(exitCode).as(verify.output()).isZero();
            return verify.output();
        }
    }

    /** Starts one more process of a service, on a free port. */
    Instance start(String service) throws IOException {
        Map<String, String> environment = environment(service);
        String port = String.valueOf(FreePorts.one());
        environment.put("SERVER_PORT", port);
        Instance instance = new Instance(
                service,
                "http://127.0.0.1:" + port,
                URI.create(ComposeFile.resolve(healthUrl(), environment)),
                ChildJvm.ofJar(jar(service), environment));
        instances.add(instance);
        return instance;
    }

    /** Waits until the health check of each process succeeds. */
    void awaitHealthy() {
        for (Instance instance : instances) {
            await("health of " + instance.service())
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(250))
                    .ignoreExceptionsMatching(IOException.class::isInstance)
                    .failFast(() -> assertThat(instance.jvm().isAlive())
                            .as(() -> instance.jvm().output())
                            .isTrue())
                    .until(() -> get(HttpRequest.newBuilder(instance.health())).statusCode() == 200);
        }
    }

    /** The address of a service's first process. */
    String url(String service) {
        return instances.stream()
                .filter(instance -> instance.service().equals(service))
                .findFirst()
                .orElseThrow()
                .url();
    }

    /** For each process of the services named: the sum of all its counters of the name given. */
    Map<Instance, Double> counts(Map<String, String> counters, String authorization)
            throws IOException, InterruptedException {
        Map<Instance, Double> counts = new LinkedHashMap<>();
        for (Instance instance : instances) {
            String counter = counters.get(instance.service());
            if (counter != null) {
                counts.put(instance, count(instance, counter, authorization));
            }
        }
        return counts;
    }

    private double count(Instance instance, String counter, String authorization)
            throws IOException, InterruptedException {
        HttpResponse<String> metrics = get(HttpRequest.newBuilder(URI.create(instance.url() + "/actuator/prometheus"))
                .header("Authorization", authorization));
        assertThat(metrics.statusCode()).as(metrics.body()).isEqualTo(200);
        return metrics.body()
                .lines()
                .filter(line -> line.startsWith(counter))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Stops all services at once, as {@code docker compose down} does; none may need to be killed. */
    void stop() throws InterruptedException {
        instances.forEach(instance -> instance.jvm().terminate());
        long start = System.nanoTime();
        for (Instance instance : instances) {
            Duration left = compose.gracePeriod(instance.service()).minusNanos(System.nanoTime() - start);
            assertThat(instance.jvm().awaitExit(left))
                    .as(instance.service() + ":\n" + instance.jvm().output())
                    .isEqualTo(EXIT_CODE_OF_SIGTERM);
        }
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.jvm().close());
        kafka.close();
        postgres.close();
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = compose.environment(service);
        String server =
                URI.create(postgres.jdbcUrl("").substring("jdbc:".length())).getAuthority();
        environment.replaceAll((name, value) ->
                value.replace("//postgres:5432/", "//" + server + "/").replace("kafka:29092", kafka.bootstrap()));
        return environment;
    }

    private String healthUrl() throws IOException {
        Matcher healthUrl = HEALTH_URL.matcher(Files.readString(root.resolve("Dockerfile")));
        assertThat(healthUrl.find()).isTrue();
        return healthUrl.group(1);
    }

    private Path jar(String service) throws IOException {
        return images.resolve(service).resolve(packaged(compose.module(service)).getFileName());
    }

    /** What {@code package} made of a module, which the build of this one has done before. */
    private Path packaged(String module) throws IOException {
        Path target = root.resolve(module).resolve("target");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "counterstep-" + module + "-*-exec.jar")) {
            return jars.iterator().next();
        }
    }

    private HttpResponse<String> get(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(REQUEST_LIMIT).build(), HttpResponse.BodyHandlers.ofString());
    }
}
