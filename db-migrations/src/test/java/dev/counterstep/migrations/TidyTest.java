package dev.counterstep.migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the SQL files to the house style; what only a database can tell is in {@link SqlRulesIT}. */
class TidyTest {

    /** A rule about one file: what it finds wrong, and a text in which it must find something. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions hold no state
    enum Rule {
        HEADER_SAYS_ALL(TidyTest::missingInHeader, "-- t: a table.\n-- Purpose: none.\nCREATE TABLE t (id bigint);"),
        ONE_TABLE_PER_MIGRATION(
                file -> matches(file.code(), "CREATE TABLE").skip(1),
                "CREATE TABLE t (id int); CREATE TABLE u (id int);"),
        NO_BANNED_TYPES(
                file -> matches(
                        file.code(),
                        "(?i)\\b(varchar|character|char\\s*\\(|serial|bigserial|money|real|double|float\\d?|timetz|AS ENUM)\\b?"),
                "CREATE TABLE t (name varchar(20));"),
        TIMES_HAVE_A_ZONE(
                file -> file.name().contains("shedlock") ? Stream.of() : matches(file.code(), "\\btimestamp\\b"),
                "CREATE TABLE t (at timestamp);"),
        EVERY_INDEX_NAMES_ITS_QUERY(TidyTest::indexesWithoutQuery, "\nCREATE INDEX t_idx ON t (id);"),
        EVERY_CONSTRAINT_IS_NAMED(
                TidyTest::unnamedConstraints, "CREATE TABLE t (id bigint PRIMARY KEY, n int, CHECK (n > 0));"),
        KEYWORDS_ARE_UPPER(
                file -> matches(
                        file.code(),
                        "\\b(create|table|constraint|check|unique|references|primary|foreign|not null|default|select|from"
                                + "|where|grant|revoke|(?<!RETURNS )trigger|before|update|delete|insert|execute|comment)\\b"),
                "create table t (id bigint);"),
        NO_LINE_IS_TOO_LONG(
                file -> file.sql()
                        .lines()
                        .filter(line -> line.length() > 125
                                && !line.contains("COMMENT ON")
                                && !line.contains(" IS")
                                && !line.contains("    '")
                                && !line.contains("--")),
                "CREATE TABLE " + "t".repeat(120) + " (id bigint);");

        private final Function<MigrationFile, Stream<String>> violations;
        private final String canary;

        Rule(Function<MigrationFile, Stream<String>> violations, String canary) {
            this.violations = violations;
            this.canary = canary;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleHolds(Rule rule) throws Exception {
        List<String> found = new ArrayList<>();
        for (MigrationFile file : MigrationFile.all()) {
            rule.violations.apply(file).forEach(violation -> found.add(file.name() + ": " + violation));
        }
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ruleNoticesItsCanary(Rule rule) {
        MigrationFile canary = new MigrationFile("canary", "V9999__t.sql", rule.canary);

        assertThat(rule.violations.apply(canary)).isNotEmpty();
    }

    @Test
    void numbersAreUniqueOverAllFoldersAndWithoutGaps() throws Exception {
        List<Integer> numbers =
                MigrationFile.all().stream().map(MigrationFile::number).toList();

        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    @Test
    void everyFolderBelongsToADatabase() throws Exception {
        Set<String> known = Stream.of(ServiceDatabase.values())
                .flatMap(kind -> kind.locations().stream())
                .map(location -> location.replace("classpath:db/", ""))
                .collect(java.util.stream.Collectors.toSet());

        assertThat(MigrationFile.all()).extracting(MigrationFile::set).allMatch(known::contains);
    }

    private static Stream<String> missingInHeader(MigrationFile file) {
        String header = file.header();
        return Stream.of("Purpose:", "Written by:", "Read by:", "Rows:", "Retention:")
                .filter(part -> !header.contains("-- " + part))
                .map(part -> "its header lacks \"" + part + "\"");
    }

    private static Stream<String> indexesWithoutQuery(MigrationFile file) {
        List<String> lines = file.sql().lines().toList();
        return IntStream.range(1, lines.size())
                .filter(i -> lines.get(i).matches("CREATE (UNIQUE )?INDEX .*"))
                .filter(i -> !commentAbove(lines, i).matches("(?s).*-- (Query|No query): .*"))
                .mapToObj(lines::get);
    }

    private static String commentAbove(List<String> lines, int line) {
        int first = line;
        while (first > 0 && lines.get(first - 1).startsWith("--")) {
            first--;
        }
        return String.join("\n", lines.subList(first, line));
    }

    private static Stream<String> unnamedConstraints(MigrationFile file) {
        String flat = file.code().replaceAll("\\s+", " ");
        return matches(flat, "(?<!CONSTRAINT \\w{1,63} )(PRIMARY KEY|FOREIGN KEY|CHECK \\(|UNIQUE \\()");
    }

    private static Stream<String> matches(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.results().map(result -> result.group().toLowerCase(Locale.ROOT));
    }
}
