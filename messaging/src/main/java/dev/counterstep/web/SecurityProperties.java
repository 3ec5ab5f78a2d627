package dev.counterstep.web;

import java.util.Map;
import java.util.Set;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who may call this process, prefix {@code counterstep.security}.
 *
 * @param open whether everything but the actuator answers without credentials. For a storefront behind a gateway or a
 *     quickstart on the loopback address; the orchestrator refuses to start with it.
 * @param users users by name. None: a user {@code admin} with all roles and a generated password, shown once in the log.
 */
@Validated
@ConfigurationProperties("counterstep.security")
public record SecurityProperties(
        @DefaultValue("false") boolean open, @DefaultValue Map<String, @Valid User> users) {

    /**
     * A user.
     *
     * @param passwordHash {@code {bcrypt}…} or {@code {pbkdf2@SpringSecurity_v5_8}…}. Unset: a password is generated and shown
     *     once in the log.
     * @param roles any of VIEWER, OPERATOR, ADMIN, CLIENT
     */
    public record User(
            @Nullable
            @Pattern(
                    regexp = "\\{(bcrypt|pbkdf2@SpringSecurity_v5_8)\\}.+",
                    message =
                            "must start with {bcrypt} or {pbkdf2@SpringSecurity_v5_8}: plain passwords are not accepted")
            String passwordHash,

            @NotEmpty Set<Role> roles) {

        /** Without the hash. */
        @Override
        public String toString() {
            return "User" + roles;
        }
    }
}
