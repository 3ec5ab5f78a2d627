package dev.counterstep.web;

import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void rightPasswordMatchesAgainAndAgainAndAWrongOneNever() {
        String hash = passwords.encode("right");

        assertThat(hash).startsWith("{bcrypt}");
        assertThat(passwords.matches("wrong", hash)).isFalse();
        assertThat(passwords.matches("right", hash)).isTrue();
        assertThat(passwords.matches("right", hash)).isTrue();
        assertThat(passwords.matches("wrong", hash)).isFalse();
        assertThat(passwords.matches("", hash)).isFalse();
    }

    @Test
    void pbkdf2IsAccepted() {
        String hash = "{pbkdf2@SpringSecurity_v5_8}"
                + Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode("right");

        assertThat(passwords.matches("right", hash)).isTrue();
        assertThat(passwords.matches("wrong", hash)).isFalse();
    }

    @Test
    void generatedPasswordsDiffer() {
        assertThat(Passwords.generate()).hasSize(24).isNotEqualTo(Passwords.generate());
    }
}
