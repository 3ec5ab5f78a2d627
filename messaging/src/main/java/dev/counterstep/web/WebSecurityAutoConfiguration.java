package dev.counterstep.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import jakarta.servlet.DispatcherType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import tools.jackson.databind.json.JsonMapper;

/**
 * Default-deny security for the stateless API: HTTP Basic, no session, and so no CSRF token to ask for. A module that has a
 * browser session (a console) puts a filter chain of its own before this one.
 */
@AutoConfiguration(
        before = {
            UserDetailsServiceAutoConfiguration.class,
            ServletWebSecurityAutoConfiguration.class,
            ManagementWebSecurityAutoConfiguration.class
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(SecurityProperties.class)
final class WebSecurityAutoConfiguration {

    /** After every chain with a matcher of its own. */
    static final int CHAIN_ORDER = Ordered.LOWEST_PRECEDENCE - 5;

    private static final Logger log = LoggerFactory.getLogger(WebSecurityAutoConfiguration.class);

    private static final String[] API_DOCUMENTATION = {
        "/v3/api-docs", "/v3/api-docs.yaml", "/v3/api-docs/**", "/swagger-ui.html", "/swagger-ui/**"
    };

    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data:;"
            + " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    @Bean
    @ConditionalOnMissingBean
    PasswordEncoder passwordEncoder() {
        return new Passwords();
    }

    @Bean
    @ConditionalOnMissingBean
    RoleHierarchy roleHierarchy() {
        return RoleHierarchyImpl.withDefaultRolePrefix()
                .role(Role.ADMIN.name())
                .implies(Role.OPERATOR.name())
                .role(Role.OPERATOR.name())
                .implies(Role.VIEWER.name())
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    UserDetailsService userDetailsService(SecurityProperties properties, PasswordEncoder passwords) {
        Map<String, SecurityProperties.User> users = properties.users().isEmpty()
                ? Map.of("admin", new SecurityProperties.User(null, Set.of(Role.values())))
                : properties.users();
        List<UserDetails> details = new ArrayList<>();
        users.forEach((name, user) -> details.add(User.withUsername(name)
                .password(hash(name, user, passwords))
                .roles(user.roles().stream().map(Role::name).toArray(String[]::new))
                .build()));
        return new InMemoryUserDetailsManager(details);
    }

    @Bean
    @ConditionalOnMissingBean(name = "apiSecurity")
    @Order(CHAIN_ORDER)
    SecurityFilterChain apiSecurity(
            HttpSecurity http, SecurityProperties properties, ObjectProvider<AccessRules> rules, JsonMapper json) {
        AccessRules access = rules.getIfAvailable(() -> AccessRules.DEFAULT);
        if (properties.open() && !access.mayBeOpen()) {
            throw new IllegalStateException(
                    "counterstep.security.open=true is only for the storefront and the participants: unset it here");
        }
        AuthenticationEntryPoint unknown = (request, response, e) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Counterstep\", charset=\"UTF-8\"");
            Problems.write(response, json, Problems.of(HttpStatus.UNAUTHORIZED, "This needs valid credentials."));
        };
        AccessDeniedHandler denied = (request, response, e) ->
                Problems.write(response, json, Problems.of(HttpStatus.FORBIDDEN, "Your role does not allow this."));
        return http.authorizeHttpRequests(requests -> authorize(requests, access, properties.open()))
                .httpBasic(basic -> basic.authenticationEntryPoint(unknown))
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
                .build();
    }

    private static void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            AccessRules access,
            boolean open) {
        requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                .permitAll();
        requests.requestMatchers("/actuator/health", "/actuator/health/**").permitAll();
        requests.requestMatchers("/actuator", "/actuator/**").hasRole(Role.VIEWER.name());
        if (open) {
            requests.anyRequest().permitAll();
            return;
        }
        requests.requestMatchers(API_DOCUMENTATION).authenticated();
        access.rules().customize(requests);
        requests.requestMatchers(HttpMethod.GET).hasRole(Role.VIEWER.name());
        requests.requestMatchers(HttpMethod.HEAD).hasRole(Role.VIEWER.name());
        requests.anyRequest().hasRole(Role.OPERATOR.name());
    }

    private static String hash(String name, SecurityProperties.User user, PasswordEncoder passwords) {
        String hash = user.passwordHash();
        if (hash != null) {
            return hash;
        }
        String password = Passwords.generate();
        log.warn("user {} has no configured password; this one is generated and shown only here: {}", name, password);
        return Objects.requireNonNull(passwords.encode(password));
    }
}
