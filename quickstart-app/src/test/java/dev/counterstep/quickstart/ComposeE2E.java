package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What {@code compose.yaml} and {@code compose-env} promise, held to it where there are no containers. */
class ComposeE2E {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(60);
    private static final int ORDERS = 24;

    @TempDir
    private static Path folder;

    private static Map<String, String> secrets;
    private static ComposeFile compose;

    @BeforeAll
    static void generateSecrets() throws IOException, InterruptedException {
        Path script = Files.copy(
                ROOT.resolve("compose-env"), folder.resolve("compose-env"), StandardCopyOption.COPY_ATTRIBUTES);
        Process process = new ProcessBuilder(script.toString()).inheritIO().start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        secrets = ComposeFile.variables(folder.resolve(".env"));
        compose = ComposeFile.read(ROOT.resolve("compose.yaml"), secrets);
    }

    @Test
    void eachServiceHasItsPortOnThisMachineOnly() {
        assertThat(compose.ourServices())
                .containsExactly(
                        "orchestrator", "order-service", "inventory-service", "payment-service", "delivery-service");
        assertThat(compose.publishedPorts())
                .contains(
                        "127.0.0.1:8000:8000",
                        "127.0.0.1:8001:8001",
                        "127.0.0.1:8002:8002",
                        "127.0.0.1:8003:8003",
                        "127.0.0.1:8004:8004")
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
        assertThat(compose.ourServices())
                .extracting(service -> compose.variable(service, "SERVER_PORT"))
                .containsExactly("8000", "8001", "8002", "8003", "8004");
    }

    @Test
    void servicesConnectToTheListenerThatTheBrokerAdvertises() {
        String advertised = compose.variable("kafka", "KAFKA_ADVERTISED_LISTENERS");
        assertThat(compose.ourServices())
                .extracting(service -> compose.variable(service, "SPRING_KAFKA_BOOTSTRAP_SERVERS"))
                .allSatisfy(bootstrap -> assertThat(advertised.split(",")).contains("INSIDE://" + bootstrap));
    }

    @Test
    void ordersEndInFiveProcessesAndInSevenAndAllStopWhenTold() throws Exception {
        try (ComposeStack stack = new ComposeStack(ROOT, compose, folder)) {
            stack.startServers();
            stack.unpack(Stream.concat(Stream.of("migrator"), compose.ourServices().stream())
                    .toList());
            stack.migrate();
            for (String service : compose.ourServices()) {
                stack.start(service);
            }
            stack.awaitHealthy();
            Client client = client(stack);
            assertStrangersAreRefused(client, stack);
            assertOrdersEndAsTheyShould(client);
            assertTopicsArePartitioned(stack);

            scale(stack, List.of("inventory-service", "orchestrator"));
            assertAllTakePart(stack, client);
            stack.stop();
            assertThat(stack.verify()).contains((ORDERS + 2) + " sagas verified, every log folds to its row");
        }
    }

    /** A customer with the CLIENT's password, an operator with the VIEWER's. */
    private static Client client(ComposeStack stack) {
        Properties connection = new Properties();
        connection.putAll(Map.of(
                "order.url",
                stack.url("order-service"),
                "api.url",
                stack.url("orchestrator") + "/api/v1",
                "client.user",
                "client",
                "client.password",
                secret("CLIENT"),
                "operator.user",
                "viewer",
                "operator.password",
                secret("VIEWER")));
        return Client.of(connection);
    }

    private static String secret(String user) {
        return secrets.getOrDefault("COUNTERSTEP_" + user + "_PASSWORD", "");
    }

    private static void assertStrangersAreRefused(Client client, ComposeStack stack) {
        assertThat(client.anonymously("/sagas").status()).isEqualTo(401);
        Properties connection = new Properties();
        connection.putAll(Map.of("order.url", stack.url("order-service")));
        Client stranger = Client.of(connection);
        assertThat(stranger.post(Client.order("user_123", "product_1", 1)).status())
                .isEqualTo(401);
    }

    private static void assertOrdersEndAsTheyShould(Client client) {
        String good = client.place(Client.order("user_123", "product_1", 2));
        Map<String, Object> declined = Client.order("user_1", "product_1", 1);
        declined.put("paymentMethod", "declined");
        String failing = client.place(declined);

        assertThat(client.ended(good).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(client.endedSaga(good).path("status").asString()).isEqualTo("COMPLETED");
        JsonNode cancelled = client.ended(failing);
        assertThat(cancelled.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(cancelled.path("reason").asString()).contains("declined");
        assertThat(client.endedSaga(failing).path("status").asString()).isEqualTo("COMPENSATED");
    }

    /** Whichever service was first to create a topic: with one partition, a second instance would have nothing to do. */
    private static void assertTopicsArePartitioned(ComposeStack stack) throws ExecutionException, InterruptedException {
        int partitions = Integer.parseInt(compose.variable("kafka", "KAFKA_NUM_PARTITIONS"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrap()))) {
            Set<String> topics = admin.listTopics().names().get();
            assertThat(topics).contains("order.events", "order.commands", "order.replies", "delivery.commands");
            topics.removeIf(topic -> topic.endsWith(".dlt"));
            admin.describeTopics(topics)
                    .allTopicNames()
                    .get()
                    .forEach((topic, description) ->
                            assertThat(description.partitions()).as(topic).hasSize(partitions));
        }
    }

    /** Starts a second instance of each and waits until the partitions of its group are spread over the members of both. */
    private static void scale(ComposeStack stack, List<String> services) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrap()))) {
            Map<String, Collection<MemberDescription>> alone = new HashMap<>();
            for (String service : services) {
                alone.put(service, members(admin, service));
                stack.start(service);
            }
            stack.migrate(); // each "docker compose up" runs it, the one that adds instances too
            stack.awaitHealthy();
            for (Map.Entry<String, Collection<MemberDescription>> one : alone.entrySet()) {
                await("two instances of " + one.getKey())
                        .atMost(JOIN_LIMIT)
                        .until(() -> members(admin, one.getKey()), both -> share(one.getValue(), both));
            }
        }
    }

    private static boolean share(Collection<MemberDescription> alone, Collection<MemberDescription> both) {
        return both.size() == 2 * alone.size()
                && partitions(both).equals(partitions(alone))
                && both.stream()
                        .noneMatch(
                                member -> member.assignment().topicPartitions().isEmpty());
    }

    /** The members of a service's consumer group, which has the service's name. */
    private static Collection<MemberDescription> members(Admin admin, String service)
            throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(service))
                .describedGroups()
                .values()
                .iterator()
                .next()
                .get()
                .members();
    }

    private static Set<TopicPartition> partitions(Collection<MemberDescription> members) {
        return members.stream()
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .collect(Collectors.toSet());
    }

    /** Each process has done some of the work of these orders, by its own count. */
    private static void assertAllTakePart(ComposeStack stack, Client client) throws Exception {
        Map<String, String> counters = Map.of(
                "inventory-service", "saga_command_replies_total", "orchestrator", "saga_transition_count_total");
        Map<ComposeStack.Instance, Double> before = stack.counts(counters, Client.basic("viewer", secret("VIEWER")));
        List<String> orderIds = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            orderIds.add(client.place(Client.order("user_" + (1 + i % 5), "product_1", 1)));
        }
        for (String orderId : orderIds) {
            assertThat(client.ended(orderId).path("status").asString()).isEqualTo("COMPLETED");
        }
        assertThat(before).hasSize(4);
        stack.counts(counters, Client.basic("viewer", secret("VIEWER")))
                .forEach((instance, count) -> assertThat(count)
                        .as(instance.service() + " at " + instance.url())
                        .isGreaterThan(before.getOrDefault(instance, count)));
    }
}
