package io.weir.master;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Autowired;

@AnalyzeClasses(
    packages = {"io.weir.master", "io.weir.web"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule featuresHaveNoCycles =
      slices().matching("io.weir.master.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRegistryDependsOnNoOtherFeature =
      noClasses()
          .that()
          .resideInAPackage("io.weir.master.registry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.weir.master",
              "io.weir.master.registration..",
              "io.weir.master.topology..",
              "io.weir.master.redirect..",
              "io.weir.master.lease..");

  @ArchTest
  static final ArchRule doorsDoNotDependOnEachOther =
      slices()
          .matching("io.weir.master.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(DescribedPredicate.alwaysTrue(), inPackage("io.weir.master.registry"));

  @ArchTest
  static final ArchRule sqlIsSpokenInTheRegistryAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.weir.master.registry..")
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

  private static DescribedPredicate<JavaClass> inPackage(String name) {
    return JavaClass.Predicates.resideInAPackage(name + "..");
  }
}
