package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

/** The generated passwords, one for each login, kept in {@code DIR/secrets.properties} from one start to the next. */
final class Secrets {

    private static final String FILE = "secrets.properties";
    private static final int PASSWORD_BYTES = 16;

    private final Properties passwords;

    private Secrets(Properties passwords) {
        this.passwords = passwords;
    }

    /** Reads what is kept, and generates and keeps what is missing. */
    static Secrets open(DataDirectory directory, List<String> logins) throws IOException {
        Properties passwords = new Properties();
        Path file = directory.path().resolve(FILE);
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                passwords.load(in);
            }
        }
        if (!passwords.keySet().containsAll(logins)) {
            SecureRandom random = new SecureRandom();
            logins.forEach(login -> passwords.computeIfAbsent(login, absent -> generate(random)));
            directory.writePrivately(FILE, content(passwords));
        }
        return new Secrets(passwords);
    }

    /** The password of one of the logins named when this was opened. */
    String of(String login) {
        String password = passwords.getProperty(login);
        if (password == null) {
            throw new IllegalArgumentException("no password is kept for " + login);
        }
        return password;
    }

    private static String generate(SecureRandom random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String content(Properties passwords) {
        StringBuilder content = new StringBuilder();
        new TreeMap<>(passwords)
                .forEach((login, password) ->
                        content.append(login).append('=').append(password).append('\n'));
        return content.toString();
    }
}
