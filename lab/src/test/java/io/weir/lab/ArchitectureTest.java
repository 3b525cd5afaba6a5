package io.weir.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void everyArrowPointsDown() {
    Layers.of("lab", "io.weir.lab")
        .layer("demo", "sweep", "torture")
        .layer("cluster")
        .layer(Layers.ROOT)
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
                .importPackages("io.weir.lab"));
  }
}
