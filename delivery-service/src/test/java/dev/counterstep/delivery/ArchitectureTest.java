package dev.counterstep.delivery;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.messaging.ArchitectureRules;

class ArchitectureTest {

    private static final JavaClasses CLASSES = ArchitectureRules.classesOf("dev.counterstep.delivery");

    @ParameterizedTest
    @EnumSource
    void ruleHolds(ArchitectureRules rule) {
        rule.check(CLASSES);
    }

    @ParameterizedTest
    @EnumSource
    void ruleCatchesItsCanary(ArchitectureRules rule) {
        rule.checkCanary();
    }
}
