package dev.counterstep.web;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Checks passwords against slow hashes, and remembers those that were right: each request carries its password anew, and a slow
 * hash for each would cost more than the request. What is remembered is a MAC under a key of this process; at most one entry
 * per stored hash. A wrong password always costs the slow hash.
 *
 * <p>Safe for use by several threads.
 */
public final class Passwords implements PasswordEncoder {

    private static final String MAC = "HmacSHA256";
    private static final int GENERATED_BYTES = 18;

    private final PasswordEncoder slow = new DelegatingPasswordEncoder(
            "bcrypt",
            Map.of(
                    "bcrypt",
                    new BCryptPasswordEncoder(),
                    "pbkdf2@SpringSecurity_v5_8",
                    Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8()));

    private final byte[] key = random(32);
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    /** The hash to put into {@code counterstep.security.users.<name>.password-hash}. */
    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        return slow.encode(password);
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        if (password == null || hash == null) {
            return false;
        }
        byte[] mac = mac(password);
        byte[] right = known.get(hash);
        if (right != null && MessageDigest.isEqual(right, mac)) {
            return true;
        }
        boolean matches = slow.matches(password, hash);
        if (matches) {
            known.put(hash, mac);
        }
        return matches;
    }

    /** A password nobody can guess: 24 characters of 144 random bits. */
    static String generate() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(GENERATED_BYTES));
    }

    private byte[] mac(CharSequence password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(password.toString().getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
