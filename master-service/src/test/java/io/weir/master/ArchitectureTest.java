package io.weir.master;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.testing.Layers;
import java.time.Clock;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Autowired;

@AnalyzeClasses(
    packages = {"io.weir.master", "io.weir.web"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static void everyArrowPointsDown(JavaClasses classes) {
    Layers.of("master-service", "io.weir.master")
        .layer(Layers.ROOT)
        .layer("registration", "topology", "redirect", "lease", "status", "dashboard")
        .layer("registry")
        .check(classes);
  }

  @ArchTest
  static final ArchRule sqlIsSpokenInTheRegistryAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.weir.master.registry..", "io.weir.web.pool..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..");

  @ArchTest
  static final ArchRule theRulesKnowNoSpring =
      noClasses()
          .that()
          .haveSimpleName("RegistrationRules")
          .or()
          .haveSimpleName("TopologyView")
          .or()
          .haveSimpleName("RegistryState")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule noFieldInjection = fields().should().notBeAnnotatedWith(Autowired.class);

  @ArchTest
  static final ArchRule noNamesThatSayNothing =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  @ArchTest
  static final ArchRule logicAsksNoClock =
      noClasses()
          .that(DescribedPredicate.not(simpleNameEndingWith("Configuration")))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);
}
