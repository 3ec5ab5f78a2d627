package dev.counterstep.benchmark;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.messaging.ArchitectureRules;

class ArchitectureTest {

    private static final JavaClasses CLASSES = ArchitectureRules.classesOf("dev.counterstep.benchmark");

    /** The floor sends by hand: that is what it is for. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ONLY_THE_RELAY_SENDS")
    void ruleHolds(ArchitectureRules rule) {
        rule.check(CLASSES);
    }
}
