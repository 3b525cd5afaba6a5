package io.weir.cache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.cache.engine.Ticker;
import io.weir.testing.Layers;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;

/** What may know what. */
@AnalyzeClasses(packages = "io.weir.cache", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PLAIN_JAVA = {
    "io.weir.cache.engine..",
    "io.weir.cache.writeback..",
    "io.weir.cache.journal..",
    "io.weir.cache.kv.."
  };

  private static final String[] TIMED_LOGIC = {
    "io.weir.cache.engine..", "io.weir.cache.writeback..", "io.weir.cache.door.."
  };

  @ArchTest
  static void everyArrowPointsDown(JavaClasses classes) {
    Layers.of("cache-service", "io.weir.cache")
        .layer("server")
        .layer("fast")
        .layer("web", "membership", "writeback", "journal.raft")
        .layer("redis")
        .layer("door", "loop")
        .layer("engine")
        .layer("journal", "store")
        .layer("kv")
        .check(classes);
  }

  @ArchTest
  static final ArchRule theEngineKnowsNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage(PLAIN_JAVA)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "jakarta..", "io.micrometer..", "tools.jackson..");

  @ArchTest
  static final ArchRule theEngineKnowsTheStoreByItsInterfaces =
      noClasses()
          .that()
          .resideInAnyPackage(PLAIN_JAVA)
          .should()
          .dependOnClassesThat()
          .haveNameMatching("io\\.weir\\.cache\\.store\\.Jdbc.*");

  @ArchTest
  static final ArchRule onlyTheStoreSpeaksSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.weir.cache.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.springframework.jdbc..");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      fields()
          .should()
          .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
          .andShould()
          .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Value")
          .andShould()
          .notBeAnnotatedWith("jakarta.annotation.Resource")
          .andShould()
          .notBeAnnotatedWith("jakarta.inject.Inject");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?");

  @ArchTest
  static final ArchRule wallClocksAreInjected =
      noClasses()
          .that()
          .resideInAnyPackage(TIMED_LOGIC)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone")
          .orShould()
          .callConstructor(Date.class);

  @ArchTest
  static final ArchRule durationsAreMeasuredByTheTicker =
      noClasses()
          .that()
          .resideInAnyPackage(TIMED_LOGIC)
          .and()
          .doNotBelongToAnyOf(Ticker.class)
          .should()
          .callMethod(System.class, "nanoTime");
}
