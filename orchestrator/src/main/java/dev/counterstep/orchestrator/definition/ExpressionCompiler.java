package dev.counterstep.orchestrator.definition;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import org.jspecify.annotations.Nullable;

/**
 * Compiles and checks expressions. CEL is not Turing-complete, reads nothing but its variables, and has its parse depth and
 * iterations limited here. Thread-safe.
 */
final class ExpressionCompiler {

    /** The longest expression, in characters. */
    static final int MOST_CHARACTERS = 1000;

    /** The most list entries that one evaluation goes through. */
    static final int MOST_ITERATIONS = 10_000;

    private static final int DEEPEST_NESTING = 32;
    private static final List<String> SAGA_FIELDS = List.of("id", "definition", "businessKey");
    private static final String INDEX = "_[_]";
    private static final List<String> FUNCTIONS = List.of(
            "size",
            "has",
            "contains",
            "startsWith",
            "endsWith",
            "matches",
            "int",
            "uint",
            "double",
            "string",
            "bool",
            "timestamp",
            "duration",
            "all",
            "exists",
            "exists_one",
            "map",
            "filter");

    /** YAML's other words for what is a Boolean there, but not here. */
    private static final Map<String, String> TRUTH = Map.of(
            "yes", "'true'", "on", "'true'", "True", "'true'", "no", "'false'", "off", "'false'", "False", "'false'");

    private static final Pattern BARE_WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");

    private final Cel cel;
    private final WireLimits limits;

    /** @param limits what a command may measure that is made by expressions */
    ExpressionCompiler(WireLimits limits) {
        this.limits = limits;
        CelType object = MapType.create(SimpleType.STRING, SimpleType.DYN);
        // Not the newer planner: it adapts every variable whole on each use, which took ten times as long for an order.
        cel = CelFactory.legacyCelBuilder()
                .setOptions(CelOptions.current()
                        .maxExpressionCodePointSize(MOST_CHARACTERS)
                        .maxParseRecursionDepth(DEEPEST_NESTING)
                        .comprehensionMaxIterations(MOST_ITERATIONS)
                        .enableHeterogeneousNumericComparisons(true)
                        .enableQuotedIdentifierSyntax(true)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(Bindings.INPUT, object)
                .addVar(Bindings.STEPS, object)
                .addVar(Bindings.SAGA, object)
                .build();
    }

    WireLimits limits() {
        return limits;
    }

    /** Compiles what an element says; null when it cannot be compiled, and then the problems say why. */
    @Nullable
    Expression compile(Element element, ResultKind result, Scope scope, Problems problems) {
        if (!element.isText() && !element.description().equals("nothing")) {
            problems.add(element, "%s is an expression, not %s".formatted(scope.label(), element.description()));
            return null;
        }
        String source = element.isText() ? element.text() : "null";
        if (source.length() > MOST_CHARACTERS) {
            problems.add(
                    element,
                    "an expression has at most %d characters, this one has %d"
                            .formatted(MOST_CHARACTERS, source.length()));
            return null;
        }
        CelValidationResult checked = cel.compile(source);
        if (checked.hasError()) {
            note(checked.getErrors(), element, scope, problems);
            return null;
        }
        return compile(tree(checked), source, new Checking(element, result, scope, problems));
    }

    private @Nullable Expression compile(CelAbstractSyntaxTree tree, String source, Checking checking) {
        if (!checking.result().admits(tree.getResultType().kind())) {
            checking.problems()
                    .add(
                            checking.element(),
                            "%s must be %s, but this expression is of type %s"
                                    .formatted(
                                            checking.scope().label(),
                                            checking.result().words(),
                                            tree.getResultType().name()));
            return null;
        }
        if (!refersToKnown(tree, checking)) {
            return null;
        }
        String label = checking.scope().label() + " (" + abbreviated(source) + ")";
        List<String> path = path(tree.getExpr());
        try {
            return path.isEmpty() ? new CelExpression(label, cel.createProgram(tree)) : new PathExpression(label, path);
        } catch (CelEvaluationException cause) {
            throw new IllegalStateException("CEL cannot run what it has checked: " + source, cause);
        }
    }

    private record Checking(Element element, ResultKind result, Scope scope, Problems problems) {}

    /** True when every variable and step in it has a value by the time it is evaluated. */
    private static boolean refersToKnown(CelAbstractSyntaxTree tree, Checking checking) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.IDENT)
                .map(node -> {
                    String fault = fault(node, checking.scope());
                    if (fault != null) {
                        checking.problems()
                                .add(at(checking.element(), offset(tree, node), fault, guess(node, checking.scope())));
                    }
                    return fault == null;
                })
                .reduce(true, Boolean::logicalAnd);
    }

    /** What is wrong with a reference; null when nothing is. */
    private static @Nullable String fault(CelNavigableExpr node, Scope scope) {
        String variable = node.expr().ident().name();
        if (!Set.of(Bindings.INPUT, Bindings.STEPS, Bindings.SAGA).contains(variable)) {
            return null;
        }
        if (!scope.variables().contains(variable)) {
            return "%s can only refer to %s".formatted(scope.label(), Words.list(scope.variables()));
        }
        String field = field(node);
        return switch (variable) {
            case Bindings.STEPS -> stepFault(field, scope);
            case Bindings.SAGA ->
                field == null || SAGA_FIELDS.contains(field)
                        ? null
                        : "'saga' has no field %s, it has %s".formatted(Words.quoted(field), Words.list(SAGA_FIELDS));
            default -> null;
        };
    }

    private static @Nullable String stepFault(@Nullable String step, Scope scope) {
        if (step == null) {
            return "name the step: steps.<id>, or steps['<id>'] when the id has a hyphen";
        }
        if (!scope.steps().contains(step)) {
            return "there is no step " + Words.quoted(step);
        }
        return scope.replied().contains(step)
                ? null
                : "step %s has no reply by then: only steps of earlier groups that have an action do"
                        .formatted(Words.quoted(step));
    }

    private static @Nullable String guess(CelNavigableExpr node, Scope scope) {
        String field = field(node);
        if (field == null || !scope.variables().contains(node.expr().ident().name())) {
            return null;
        }
        return switch (node.expr().ident().name()) {
            case Bindings.STEPS -> scope.steps().contains(field) ? null : Words.nearest(field, scope.steps());
            case Bindings.SAGA -> Words.nearest(field, SAGA_FIELDS);
            default -> null;
        };
    }

    /** The constant field that is selected from a variable; null when it is used in another way. */
    private static @Nullable String field(CelNavigableExpr variable) {
        CelExpr parent = variable.parent().map(CelNavigableExpr::expr).orElse(null);
        return parent == null ? null : selected(parent, variable.expr());
    }

    private static @Nullable String selected(CelExpr expression, CelExpr from) {
        if (expression.getKind() == Kind.SELECT) {
            return expression.select().field();
        }
        if (expression.getKind() == Kind.CALL && expression.call().function().equals(INDEX)) {
            CelExpr index = expression.call().args().get(1);
            boolean isConstant = expression.call().args().get(0).id() == from.id()
                    && index.getKind() == Kind.CONSTANT
                    && index.constant().getKind() == CelConstant.Kind.STRING_VALUE;
            return isConstant ? index.constant().stringValue() : null;
        }
        return null;
    }

    /** The variable and fields of an expression that only names a value; empty for any other. */
    private static List<String> path(CelExpr expression) {
        Deque<String> path = new ArrayDeque<>();
        CelExpr rest = expression;
        while (rest.getKind() != Kind.IDENT) {
            boolean isSelect = rest.getKind() == Kind.SELECT && !rest.select().testOnly();
            boolean isIndex =
                    rest.getKind() == Kind.CALL && rest.call().function().equals(INDEX);
            if (!isSelect && !isIndex) {
                return List.of();
            }
            CelExpr from =
                    isSelect ? rest.select().operand() : rest.call().args().get(0);
            String field = selected(rest, from);
            if (field == null) {
                return List.of();
            }
            path.addFirst(field);
            rest = from;
        }
        path.addFirst(rest.ident().name());
        return List.copyOf(path);
    }

    /** Of what does not follow the grammar the first: the others are mostly its consequences. */
    private static void note(List<CelIssue> issues, Element element, Scope scope, Problems problems) {
        for (CelIssue issue : issues) {
            CelComplaint complaint = CelComplaint.ofGrammar(issue.getMessage());
            if (complaint != null) {
                problems.add(at(element, offset(issue), invalid(scope, complaint.message()), complaint.meant()));
                return;
            }
        }
        issues.forEach(issue -> note(issue, element, scope, problems));
    }

    private static void note(CelIssue issue, Element element, Scope scope, Problems problems) {
        Matcher undeclared = UNDECLARED.matcher(issue.getMessage());
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            boolean isCall = element.text().startsWith("(", offset(issue)); // where CEL finds a call, not its name
            int offset = isCall ? Math.max(0, offset(issue) - name.length()) : offset(issue);
            noteUndeclared(name, offset, element, scope, problems);
        } else {
            String message =
                    issue.getMessage().replaceFirst(" \\(candidates: .*", "").replaceFirst("'_?(\\W+)_'", "'$1'");
            problems.add(at(element, offset(issue), invalid(scope, message), null));
        }
    }

    private static String invalid(Scope scope, String why) {
        return "%s is not valid: %s".formatted(scope.label(), why);
    }

    private static int offset(CelIssue issue) {
        return Math.max(0, issue.getSourceLocation().getColumn());
    }

    private static void noteUndeclared(String name, int offset, Element element, Scope scope, Problems problems) {
        String meant = meant(name, element, scope);
        problems.add(at(element, offset, "%s: unknown name %s".formatted(scope.label(), Words.quoted(name)), meant));
    }

    private static @Nullable String meant(String name, Element element, Scope scope) {
        String variable = Words.nearest(name, scope.variables());
        if (variable != null) {
            return variable;
        }
        String hyphenated = scope.steps().stream()
                .filter(step -> step.contains("-") && element.text().contains("steps." + step))
                .findFirst()
                .map(step -> "steps['" + step + "']")
                .orElse(null);
        if (hyphenated != null) {
            return hyphenated;
        }
        if (element.text().contains(name + "(")) {
            return Words.nearest(name, FUNCTIONS);
        }
        if (element.isText() && TRUTH.containsKey(element.text())) {
            return TRUTH.get(element.text());
        }
        return BARE_WORD.matcher(element.text()).matches() ? "the text \"'" + element.text() + "'\"" : null;
    }

    /** A place within an expression, as exact as the way it was written allows. */
    private static DefinitionProblem at(Element element, int offset, String message, @Nullable String meant) {
        int column = element.isVerbatim() ? element.column() + element.textOffset() + offset : element.column();
        return new DefinitionProblem(element.line(), column, element.pointer(), message, meant);
    }

    private static int offset(CelAbstractSyntaxTree tree, CelNavigableExpr node) {
        return tree.getSource().getPositionsMap().getOrDefault(node.expr().id(), 0);
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult checked) {
        try {
            return checked.getAst();
        } catch (CelValidationException cause) {
            throw new IllegalStateException("CEL reported no error", cause);
        }
    }

    private static String abbreviated(String source) {
        String line = source.strip().replaceAll("\\s+", " ");
        return line.length() <= 80 ? line : line.substring(0, 77) + "...";
    }
}
