package dev.counterstep.web;

import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/**
 * What a module's paths ask of the caller, declared as a bean. The first rule that matches counts. What none matches asks for
 * {@link Role#VIEWER} to read and {@link Role#OPERATOR} for everything else, so a forgotten path is closed, not open.
 *
 * @param rules adds request matchers, for example {@code requests.requestMatchers(POST, "/orders").hasRole("CLIENT")}; must not
 *     call {@code anyRequest}
 * @param mayBeOpen whether {@code counterstep.security.open=true} is allowed here; where it is not, it stops the start
 */
public record AccessRules(
        Customizer<AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry> rules,
        boolean mayBeOpen) {

    /** No rules of its own; may be open. */
    static final AccessRules DEFAULT = new AccessRules(requests -> {}, true);
}
