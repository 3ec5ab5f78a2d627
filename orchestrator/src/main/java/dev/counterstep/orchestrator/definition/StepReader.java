package dev.counterstep.orchestrator.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepExpressions;
import dev.counterstep.orchestrator.saga.StepKind;

/** Reads the steps of one definition: first each for itself, then what connects them. */
final class StepReader {

    /** The most steps of a definition, those in groups included. */
    static final int MOST_STEPS = 50;

    static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);
    static final Duration MOST_TIMEOUT = Duration.ofDays(30);

    static final List<String> FIELDS = List.of(
            "id",
            "participant",
            "action",
            "compensation",
            "kind",
            "key",
            "payload",
            "when",
            "timeout",
            "retry",
            "parallel");
    static final List<String> GROUP_FIELDS = List.of("parallel");
    static final List<String> RETRY_FIELDS = List.of("attempts", "backoff", "multiplier", "max", "jitter");
    static final List<String> KINDS = Stream.of(StepKind.values())
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();

    static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    static final String ID_RULE = "a name of letters, digits, '-' and '_', at most 64, a letter first";
    static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,127}");
    static final String TYPE_RULE = "a message type such as inventory.reserve, at most 128 characters";

    private final ExpressionCompiler compiler;
    private final AllowList allowed;
    private final RetryPolicy standard;
    private final Problems problems;

    /** {@code standard}: what holds for a step's {@code retry} where the step does not say otherwise. */
    StepReader(ExpressionCompiler compiler, AllowList allowed, RetryPolicy standard, Problems problems) {
        this.compiler = compiler;
        this.allowed = allowed;
        this.standard = standard;
        this.problems = problems;
    }

    /** The steps by group; incomplete when there are problems. */
    List<List<SagaStep>> read(List<Element> elements) {
        List<StepSource> sources = new ArrayList<>();
        for (int group = 0; group < elements.size(); group++) {
            addGroup(elements.get(group), group, sources);
        }
        if (sources.size() > MOST_STEPS) {
            problems.add(
                    sources.get(MOST_STEPS).element(),
                    "a definition has at most %d steps, this one has %d".formatted(MOST_STEPS, sources.size()));
            return List.of();
        }
        new StepRules(sources, problems).check();
        List<List<SagaStep>> groups = new ArrayList<>();
        elements.forEach(element -> groups.add(new ArrayList<>()));
        for (StepSource source : sources) {
            SagaStep step = step(source, scope(source, sources));
            if (step != null) {
                groups.get(source.group()).add(step);
            }
        }
        return groups;
    }

    private void addGroup(Element element, int group, List<StepSource> sources) {
        Element parallel = parallel(element);
        if (parallel == null) {
            if (!isMisspeltGroup(element)) {
                addStep(element, group, sources);
            }
            return;
        }
        Fields fields = Fields.of(element, "a parallel group", GROUP_FIELDS, problems);
        if (fields != null) {
            fields.list("parallel", MOST_STEPS).forEach(step -> addStep(step, group, sources));
        }
    }

    /** Then it is no step that lacks everything, but one slip of the keyboard. */
    private boolean isMisspeltGroup(Element element) {
        if (!(element.node() instanceof MappingNode mapping)
                || mapping.getValue().size() != 1
                || !(mapping.getValue().get(0).getKeyNode() instanceof ScalarNode key)
                || Words.nearest(key.getValue(), GROUP_FIELDS) == null) {
            return false;
        }
        Fields.of(element, "a parallel group", GROUP_FIELDS, problems);
        return true;
    }

    private void addStep(Element element, int group, List<StepSource> sources) {
        if (parallel(element) != null) {
            problems.add(element, "a parallel group cannot hold another one");
            return;
        }
        Fields fields = Fields.of(element, "a step", FIELDS, problems);
        if (fields != null) {
            sources.add(new StepSource(fields, group, fields.requireText("id", ID, ID_RULE), kind(fields)));
        }
    }

    private static @Nullable Element parallel(Element element) {
        if (!(element.node() instanceof MappingNode mapping)) {
            return null;
        }
        return mapping.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("parallel"))
                .map(NodeTuple::getValueNode)
                .map(value -> element.child("parallel", value))
                .findFirst()
                .orElse(null);
    }

    private @Nullable StepKind kind(Fields fields) {
        Element value = fields.find("kind");
        if (value == null) {
            return StepKind.COMPENSATABLE;
        }
        if (!value.isText() || !KINDS.contains(value.text())) {
            String nearest = value.isText() ? Words.nearest(value.text(), KINDS) : null;
            problems.add(
                    value, "'kind' is one of %s, not %s".formatted(Words.list(KINDS), value.description()), nearest);
            return null;
        }
        return StepKind.valueOf(value.text().toUpperCase(Locale.ROOT));
    }

    private static Scope scope(StepSource step, List<StepSource> all) {
        Set<String> ids =
                all.stream().map(StepSource::id).filter(Objects::nonNull).collect(Collectors.toSet());
        Set<String> replied = all.stream()
                .filter(other -> other.group() < step.group() && other.hasAction())
                .map(StepSource::id)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return new Scope(step.name(), Set.of(Bindings.INPUT, Bindings.STEPS, Bindings.SAGA), replied, ids);
    }

    /** Null when the step has problems that leave nothing to make a step of. */
    private @Nullable SagaStep step(StepSource source, Scope scope) {
        Fields fields = source.fields();
        String participant = participant(fields);
        String action = fields.text("action", TYPE, TYPE_RULE);
        String compensation = fields.text("compensation", TYPE, TYPE_RULE);
        Duration timeout = fields.duration("timeout", LEAST_TIMEOUT, MOST_TIMEOUT);
        RetryPolicy retry = retry(fields, standard, problems);
        StepExpressions expressions = new StepExpressionReader(compiler, problems).read(fields, scope);
        if (!problems.isEmpty() || source.id() == null || participant == null || source.kind() == null) {
            return null;
        }
        return new SagaStep(
                source.id(),
                participant,
                action,
                compensation,
                source.kind(),
                timeout == null ? SagaStep.DEFAULT_TIMEOUT : timeout,
                retry,
                expressions);
    }

    private @Nullable String participant(Fields fields) {
        String name = fields.requireText("participant", ID, ID_RULE);
        Set<String> known = allowed.participants();
        if (name == null || known == null || known.contains(name)) {
            return name;
        }
        problems.add(
                Objects.requireNonNull(fields.find("participant")),
                "%s is not a participant: counterstep.participants lists %s"
                        .formatted(
                                Words.quoted(name),
                                Words.list(known.stream().sorted().toList())),
                Words.nearest(name, known));
        return null;
    }

    /** The {@code retry} of a step or of a whole definition; each field it does not have is taken from the standard. */
    static RetryPolicy retry(Fields owner, RetryPolicy standard, Problems problems) {
        Element value = owner.find("retry");
        Fields fields = value == null ? null : Fields.of(value, "'retry'", RETRY_FIELDS, problems);
        if (value == null || fields == null) {
            return standard;
        }
        int attempts = orElse(fields.integer("attempts", 1, RetryPolicy.MAX_ATTEMPTS), standard.attempts());
        Duration backoff = orElse(fields.duration("backoff", Duration.ZERO, MOST_TIMEOUT), standard.backoff());
        double multiplier = orElse(fields.decimal("multiplier", 1, 100), standard.multiplier());
        Duration max = orElse(
                fields.duration("max", Duration.ZERO, MOST_TIMEOUT),
                standard.max().compareTo(backoff) < 0 ? backoff : standard.max());
        double jitter = orElse(fields.decimal("jitter", 0, 1), standard.jitter());
        if (max.compareTo(backoff) < 0) {
            Element where = fields.find("max");
            problems.add(where == null ? value : where, "'max' is shorter than 'backoff'");
            return standard;
        }
        return new RetryPolicy(attempts, backoff, multiplier, max, jitter);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
