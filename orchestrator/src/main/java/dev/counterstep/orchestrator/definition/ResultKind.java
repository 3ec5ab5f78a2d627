package dev.counterstep.orchestrator.definition;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelKind;

/** What an expression is to answer. */
enum ResultKind {
    /** True or false. */
    CONDITION("true or false", ImmutableSet.of(CelKind.BOOL)),
    /** A text; a whole number is taken for one. */
    KEY("a text or a whole number", ImmutableSet.of(CelKind.STRING, CelKind.INT, CelKind.UINT)),
    /** Whatever JSON can write. */
    JSON(
            "a value that JSON can write",
            ImmutableSet.of(
                    CelKind.BOOL,
                    CelKind.STRING,
                    CelKind.INT,
                    CelKind.UINT,
                    CelKind.DOUBLE,
                    CelKind.NULL_TYPE,
                    CelKind.LIST,
                    CelKind.MAP,
                    CelKind.STRUCT));

    private final String words;
    private final ImmutableSet<CelKind> kinds;

    ResultKind(String words, ImmutableSet<CelKind> kinds) {
        this.words = words;
        this.kinds = kinds;
    }

    String words() {
        return words;
    }

    /** False when no evaluation can answer this; what is known only at run time is checked then. */
    boolean admits(CelKind kind) {
        return kind.isDyn() || kind == CelKind.ANY || kinds.contains(kind);
    }
}
