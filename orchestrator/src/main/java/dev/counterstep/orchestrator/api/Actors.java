package dev.counterstep.orchestrator.api;

import java.security.Principal;

/** Names people in the saga log. */
final class Actors {

    private Actors() {}

    static String operator(Principal user) {
        return "operator:" + user.getName();
    }
}
