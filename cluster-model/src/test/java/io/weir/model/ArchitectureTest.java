package io.weir.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private final JavaClasses model =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.weir.model");

  @Test
  void theModelIsOnePackage() {
    Layers.of("cluster-model", "io.weir.model").layer(Layers.ROOT).check(model);
  }

  @Test
  void theModelKnowsNoFramework() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.weir.model",
            "org.jspecify.annotations",
            "com.fasterxml.jackson.annotation")
        .check(model);
  }
}
