package io.weir.load;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void everyArrowPointsDown() {
    Layers.of("load", "io.weir.load")
        .layer("report")
        .layer("run")
        .layer("threshold", "verify")
        .layer("workload", "result", "redis")
        .check();
  }

  @Test
  void itKnowsNoCommandLine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.weir.load"));
  }
}
