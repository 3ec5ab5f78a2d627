package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Asks the catalog of each migrated database whether the house's SQL rules hold. */
class SqlRulesIT {

    /** A rule about a database: the query that lists what breaks it, and DDL that must break it. */
    enum Rule {
        COLUMNS_ARE_NOT_NULL_OR_SAY_WHAT_NULL_MEANS("""
                SELECT c.relname || '.' || a.attname
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'flyway_schema_history'
                  AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull
                  AND coalesce(col_description(c.oid, a.attnum), '') !~* 'null: '
                """, "CREATE TABLE t (id bigint)"),
        CONSTRAINTS_ARE_NAMED_BY_US("""
                SELECT k.conrelid::regclass || ': ' || k.conname
                FROM pg_constraint k
                JOIN pg_class c ON c.oid = k.conrelid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'flyway_schema_history'
                  AND k.contype IN ('c', 'f', 'p', 'u', 'x')
                  AND (k.conname ~ '_(check|fkey|pkey|key|excl)[0-9]*$' OR k.conname NOT LIKE c.relname || '\\_%')
                """, "CREATE TABLE t (id bigint PRIMARY KEY)"),
        TABLES_HAVE_A_PRIMARY_KEY("""
                SELECT c.relname
                FROM pg_class c
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
                """, "CREATE TABLE t (id bigint NOT NULL)"),
        TYPES_ARE_OF_THE_HOUSE("""
                SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                  AND c.relname NOT IN ('flyway_schema_history', 'shedlock') AND a.attnum > 0 AND NOT a.attisdropped
                  AND format_type(a.atttypid, a.atttypmod) NOT IN ('bigint', 'integer', 'boolean', 'text', 'uuid', 'json', 'jsonb',
                      'bytea', 'numeric(19,2)', 'timestamp with time zone')
                """, "CREATE TABLE t (name varchar(20))"),
        WHATEVER_CAN_GROW_HAS_A_LIMIT("""
                SELECT c.relname || '.' || a.attname
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'flyway_schema_history'
                  AND a.attnum > 0 AND NOT a.attisdropped
                  AND a.atttypid IN ('text'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
                  AND NOT EXISTS (SELECT 1 FROM pg_constraint k
                                  WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f') AND a.attnum = ANY (k.conkey))
                """, "CREATE TABLE t (name text NOT NULL)"),
        TIMES_ARE_CALLED_AT("""
                SELECT c.relname || '.' || a.attname
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'flyway_schema_history'
                  AND a.attnum > 0 AND a.atttypid = 'timestamptz'::regtype AND a.attname !~ '(^|_)at$'
                """, "CREATE TABLE t (created timestamptz NOT NULL)"),
        NO_ENUM_TYPES("SELECT typname FROM pg_type WHERE typtype = 'e'", "CREATE TYPE colour AS ENUM ('RED', 'GREEN')"),
        PUBLIC_HAS_NO_PRIVILEGES("""
                SELECT c.relname
                FROM pg_class c, aclexplode(c.relacl) p
                WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'saga_v1')) AND p.grantee = 0
                """, "CREATE TABLE t (id bigint); GRANT SELECT ON t TO PUBLIC"),
        EVERYTHING_BELONGS_TO_THE_OWNER("""
                SELECT c.relname
                FROM pg_class c
                WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'saga_v1'))
                  AND pg_get_userbyid(c.relowner) NOT LIKE '%\\_owner'
                """, "CREATE TABLE t (id bigint)"),
        VIEWS_AND_THEIR_COLUMNS_ARE_COMMENTED("""
                SELECT c.relname || '.' || coalesce(a.attname, '')
                FROM pg_class c
                CROSS JOIN LATERAL (
                    SELECT 0 AS attnum, NULL::name AS attname
                    UNION ALL
                    SELECT x.attnum, x.attname FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attnum > 0
                ) a
                WHERE c.relkind = 'v' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                  AND CASE a.attnum WHEN 0 THEN obj_description(c.oid) ELSE col_description(c.oid, a.attnum) END IS NULL
                """, "CREATE VIEW v AS SELECT 1 AS one");

        private final String violations;
        private final String canary;

        Rule(String violations, String canary) {
            this.violations = violations;
            this.canary = canary;
        }
    }

    static Stream<Arguments> rulesOfEachDatabase() {
        return Stream.of(Rule.values())
                .flatMap(rule -> Stream.of(ServiceDatabase.values()).map(kind -> Arguments.of(rule, kind)));
    }

    @ParameterizedTest
    @MethodSource("rulesOfEachDatabase")
    void ruleHolds(Rule rule, ServiceDatabase kind) throws SQLException {
        try (Connection owner = TestDatabase.shared(kind).asOwner()) {
            assertThat(TestDatabase.query(owner, rule.violations)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleNoticesItsCanary(Rule rule) throws SQLException {
        PostgresLogin admin = PostgresServer.ADMIN;
        String url = TestDatabase.shared(ServiceDatabase.ORDERS).url();
        try (Connection connection = new PostgresLogin(url, admin.user(), admin.password()).open()) {
            connection.setAutoCommit(false);
            TestDatabase.execute(connection, rule.canary);
            assertThat(TestDatabase.query(connection, rule.violations)).isNotEmpty();
            connection.rollback();
        }
    }
}
