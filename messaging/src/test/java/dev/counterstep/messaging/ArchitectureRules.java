package dev.counterstep.messaging;

import java.util.Set;
import java.util.function.Predicate;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.messaging.participant.SagaCommand;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the house that a machine can hold. Each module's {@code ArchitectureTest} runs every constant twice:
 *
 * <pre>{@code
 * class ArchitectureTest {
 *     private static final JavaClasses CLASSES = ArchitectureRules.classesOf("dev.counterstep.inventory");
 *
 *     @ParameterizedTest
 *     @EnumSource
 *     void ruleHolds(ArchitectureRules rule) {
 *         rule.check(CLASSES);
 *     }
 *
 *     @ParameterizedTest
 *     @EnumSource
 *     void ruleCatchesItsCanary(ArchitectureRules rule) {
 *         rule.checkCanary();
 *     }
 * }
 * }</pre>
 *
 * The canary of a rule is a class that breaks it, in a package of its own below {@code dev.counterstep.messaging.canary}: a
 * rule that lets it pass guards nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // ArchRule is immutable, and does not say so.
public enum ArchitectureRules {

    /** The core of the orchestrator knows {@code java.*} and JSpecify, and of {@code java.*} nothing that is not a value. */
    CORE_IS_PURE(
            "purity",
            classes()
                    .that()
                    .resideInAPackage("..orchestrator.saga..")
                    .should()
                    .onlyDependOnClassesThat(describe("are values or belong to the core", Predicates::isAllowedInCore))
                    .andShould(new ReadsNoClock())),

    /** Packages depend on one another in one direction only. */
    PACKAGES_HAVE_NO_CYCLES(
            "cycles", slices().matching("dev.counterstep.(**)").should().beFreeOfCycles()),

    /** Only the outbox and its relay talk to the broker; everybody else appends to the outbox. */
    ONLY_THE_RELAY_SENDS(
            "sending",
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.counterstep.messaging.outbox..")
                    .should()
                    .dependOnClassesThat(describe("send to Kafka", Predicates::sends))),

    /** Transactions begin in shells: not in the core, not in adapters, not in controllers and command handlers. */
    TRANSACTIONS_BEGIN_IN_SHELLS(
            "transactions",
            noClasses()
                    .that(describe("are no shells", Predicates::isNoShell))
                    .should(describeCondition(
                            "be or have methods @Transactional",
                            type -> type.isAnnotatedWith(Transactional.class)
                                    || type.getMethods().stream()
                                            .anyMatch(method -> method.isAnnotatedWith(Transactional.class))))),

    /** What a class needs comes through its constructor. */
    NO_FIELD_INJECTION(
            "injection",
            fields().should()
                    .notBeAnnotatedWith(describe("that inject", Predicates::injects))
                    .allowEmptyShould(true)),

    /** A class that needs more than six things does more than one. Records are data and may be wide. */
    AT_MOST_SIX_CONSTRUCTOR_PARAMETERS(
            "constructors",
            constructors()
                    .that()
                    .areDeclaredInClassesThat(describe("are written by hand", Predicates::hasHandwrittenConstructor))
                    .should(new ArchCondition<>("have at most 6 parameters") {
                        @Override
                        public void check(JavaConstructor constructor, ConditionEvents events) {
                            int count = constructor.getRawParameterTypes().size();
                            events.add(new SimpleConditionEvent(
                                    constructor, count <= 6, constructor.getFullName() + " has " + count));
                        }
                    })),

    /** Entities are an aggregate's own business; other packages see values. */
    ENTITIES_STAY_IN_THEIR_PACKAGE(
            "entities",
            classes()
                    .that(describe("are entities", Predicates::isEntity))
                    .should(new ArchCondition<>("only be used in their package") {
                        @Override
                        public void check(JavaClass entity, ConditionEvents events) {
                            for (Dependency use : entity.getDirectDependenciesToSelf()) {
                                events.add(new SimpleConditionEvent(
                                        entity,
                                        use.getOriginClass().getPackage().equals(entity.getPackage()),
                                        use.getDescription()));
                            }
                        }
                    })),

    /** An interface needs two implementations, tests included; lambdas and Spring Data write theirs unseen. */
    INTERFACES_HAVE_TWO_IMPLEMENTATIONS(
            "interfaces",
            classes()
                    .that(describe("are interfaces for classes", Predicates::isInterfaceForClasses))
                    .should(describeCondition(
                            "have two implementations",
                            type -> type.getAllSubclasses().stream()
                                            .filter(subclass -> !subclass.isInterface())
                                            .count()
                                    >= 2))),

    /** Names say what a class is. */
    NAMES_SAY_SOMETHING(
            "names",
            noClasses()
                    .should()
                    .haveSimpleNameStartingWith("Abstract")
                    .orShould()
                    .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)"));

    private static final String CANARIES = "dev.counterstep.messaging.canary.";

    private final String canary;
    private final ArchRule rule;

    ArchitectureRules(String canary, ArchRule rule) {
        this.canary = canary;
        this.rule = rule.allowEmptyShould(true);
    }

    /** The classes of a module, of its tests too: they count as implementations and are not judged. */
    public static JavaClasses classesOf(String... packages) {
        return new ClassFileImporter().importPackages(packages);
    }

    /** Throws when main code breaks the rule. */
    public void check(JavaClasses classes) {
        JavaClasses main = classes.that(describe("are main code", Predicates::isMainCode));
        assertThat(main).as("classes to check").isNotEmpty();
        rule.check(main);
    }

    /** Throws when the rule lets its canary pass. */
    public void checkCanary() {
        JavaClasses classes = new ClassFileImporter().importPackages(CANARIES + canary);
        assertThat(classes).as("canary of " + this).isNotEmpty();
        assertThat(rule.evaluate(classes).hasViolation())
                .as(this + " lets its canary pass")
                .isTrue();
    }

    private static ArchCondition<JavaClass> describeCondition(String description, Predicate<JavaClass> holds) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean satisfied = holds.test(type);
                events.add(new SimpleConditionEvent(
                        type, satisfied, type.getName() + (satisfied ? "" : " does not") + " " + description));
            }
        };
    }

    /** No clock, no randomness, even where {@code java.time} and {@code java.util} offer them on a value. */
    private static final class ReadsNoClock extends ArchCondition<JavaClass> {

        private static final Set<String> IMPURE =
                Set.of("now", "currentTimeMillis", "nanoTime", "randomUUID", "random");

        ReadsNoClock() {
            super("read no clock and no randomness");
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            type.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().getPackageName().startsWith("java."))
                    .filter(call -> IMPURE.contains(call.getName()))
                    .forEach(call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
        }
    }

    private static final class Predicates {

        private static final Set<String> PURE_PACKAGES = Set.of(
                "java.lang",
                "java.lang.annotation",
                "java.lang.invoke",
                "java.lang.runtime",
                "java.math",
                "java.nio.charset",
                "java.time",
                "java.time.temporal",
                "java.util",
                "java.util.function",
                "java.util.regex",
                "java.util.stream");
        private static final Set<String> IMPURE_TYPES = Set.of(
                "java.lang.Thread",
                "java.lang.Process",
                "java.lang.Runtime",
                "java.time.Clock",
                "java.util.Random",
                "java.util.Timer",
                "java.security.SecureRandom");
        private static final Set<String> SENDERS = Set.of(
                "org.apache.kafka.clients.producer.Producer",
                "org.springframework.kafka.core.KafkaOperations",
                "org.springframework.kafka.core.KafkaTemplate");
        private static final Set<String> INJECTING = Set.of("Autowired", "Inject", "Resource", "Value");

        static boolean isMainCode(JavaClass type) {
            String source =
                    type.getSource().map(found -> found.getUri().toString()).orElse("");
            return !source.contains("/test-classes/") && !source.contains("-tests.jar");
        }

        static boolean isAllowedInCore(JavaClass type) {
            JavaClass component = type.getBaseComponentType();
            String home = component.getPackageName();
            return component.isPrimitive()
                    || home.contains(".orchestrator.saga")
                    || home.startsWith("org.jspecify.")
                    || (PURE_PACKAGES.contains(home) && !IMPURE_TYPES.contains(component.getName()));
        }

        static boolean sends(JavaClass type) {
            return SENDERS.stream().anyMatch(type::isAssignableTo);
        }

        static boolean isNoShell(JavaClass type) {
            String home = type.getPackageName();
            return home.contains(".orchestrator.saga")
                    || Set.of(".api", ".console", ".persistence", ".definition", ".participant").stream()
                            .anyMatch(home::endsWith)
                    || type.isMetaAnnotatedWith("org.springframework.stereotype.Controller")
                    || type.getMethods().stream().anyMatch(method -> method.isAnnotatedWith(SagaCommand.class));
        }

        static boolean injects(JavaAnnotation<?> annotation) {
            return INJECTING.contains(annotation.getRawType().getSimpleName());
        }

        static boolean hasHandwrittenConstructor(JavaClass type) {
            return !type.isRecord() && !type.isEnum() && !type.isAnonymousClass() && !type.isLocalClass();
        }

        static boolean isEntity(JavaClass type) {
            return type.getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getRawType().getSimpleName().equals("Entity"));
        }

        static boolean isInterfaceForClasses(JavaClass type) {
            return type.isInterface()
                    && !type.isAnnotation()
                    && !type.getSimpleName().equals("package-info")
                    && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                    && !type.isAnnotatedWith(FunctionalInterface.class)
                    && !type.isAssignableTo("org.springframework.data.repository.Repository");
        }
    }
}
