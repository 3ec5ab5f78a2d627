package dev.counterstep.orchestrator;

import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Difference;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Verification;

/**
 * The command {@code verify}: proves of a whole database that every saga's log folds to its row. It finds the database by the
 * same settings as the service, starts no part of the service, and only reads; the service may work meanwhile.
 *
 * @param out what was found
 * @param err why nothing could be found
 */
record VerifyCommand(PrintStream out, PrintStream err) {

    static final String NAME = "verify";

    /** Every log folds to its row. */
    static final int VERIFIED = 0;

    /** One does not. */
    static final int DIFFERS = 1;

    /** The database cannot be reached, or is none of ours. */
    static final int UNREADABLE = 2;

    private static final int SAGAS_A_LINE = 10_000;

    /** All that is needed of the service: its database. Not found by its component scan. */
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    static class Database {}

    /** Returns the exit code. Each argument is a property, {@code --name=value}. */
    int run(String... properties) {
        try (ConfigurableApplicationContext context = database(properties)) {
            SagaVerifier verifier = SagaVerifier.of(context.getBean(DataSource.class));
            return report(verifier.verify(this::progress));
        } catch (RuntimeException e) {
            err.println("The database cannot be read: " + reason(e).replaceAll("\\s+", " "));
            return UNREADABLE;
        }
    }

    /** The driver's own words where it has any: they name the server. */
    private static String reason(RuntimeException failure) {
        Throwable reason = NestedExceptionUtils.getMostSpecificCause(failure);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            reason = cause instanceof SQLException ? cause : reason;
        }
        return String.valueOf(reason.getMessage());
    }

    private static ConfigurableApplicationContext database(String... properties) {
        return new SpringApplicationBuilder(Database.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(
                        "spring.config.name=orchestrator",
                        "logging.level.root=OFF",
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "spring.datasource.hikari.connection-timeout=10000")
                .run(properties);
    }

    private void progress(long sagas) {
        if (sagas % SAGAS_A_LINE == 0) {
            out.println(sagas + " sagas so far");
        }
    }

    private int report(Verification verification) {
        Difference difference = verification.difference();
        if (difference == null) {
            out.println(verification.sagas() + " sagas verified, every log folds to its row");
            return VERIFIED;
        }
        out.println("Saga %s differs in %s:".formatted(difference.sagaId(), difference.field()));
        out.println("  folded: " + difference.folded());
        out.println("  stored: " + difference.stored());
        return DIFFERS;
    }
}
