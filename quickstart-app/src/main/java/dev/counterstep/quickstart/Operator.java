package dev.counterstep.quickstart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.counterstep.web.Role;

/** The users of the orchestrator's API and console, one for each role. */
enum Operator {
    OPERATOR,
    VIEWER,
    ADMIN;

    /** The name to log in with. */
    String user() {
        return name().toLowerCase(Locale.ROOT);
    }

    Role role() {
        return Role.valueOf(name());
    }

    /** All of them, for {@link Secrets}. */
    static List<String> logins() {
        return Arrays.stream(values()).map(Operator::user).toList();
    }
}
