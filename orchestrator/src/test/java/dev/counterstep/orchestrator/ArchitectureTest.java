package dev.counterstep.orchestrator;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.messaging.ArchitectureRules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class ArchitectureTest {

    private static final JavaClasses CLASSES = ArchitectureRules.classesOf("dev.counterstep.orchestrator");

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

    @Test
    void adaptersDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("..orchestrator.messaging..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..orchestrator.api..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..orchestrator.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..orchestrator.messaging..")
                .check(CLASSES);
    }
}
