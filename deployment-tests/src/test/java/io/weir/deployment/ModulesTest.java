package io.weir.deployment;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.weir.testing.Layers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which module may know which, by the compiled classes of them all. */
class ModulesTest {

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  private static final String[] SERVERS = {"io.weir.web..", "io.weir.master..", "io.weir.cache.."};

  private static final String[] CLIENTS = {
    "io.weir.client..", "io.weir.load..", "io.weir.lab..", "io.weir.cli.."
  };

  private static JavaClasses project;

  @BeforeAll
  static void readTheClassesOfAllModules() {
    List<Path> compiled = modules().map(module -> module.resolve("target/classes")).toList();
    assertThat(compiled)
        .as("all modules must have been compiled before this test: run ./weir test")
        .allSatisfy(classes -> assertThat(classes).isDirectory());
    project = new ClassFileImporter().importPaths(compiled);
  }

  private static Stream<Path> modules() {
    return MODULE
        .matcher(Repository.read("pom.xml"))
        .results()
        .map(module -> Repository.file(module.group(1)))
        .filter(module -> Files.isDirectory(module.resolve("src/main/java")));
  }

  @Test
  void everyArrowPointsDown() {
    Layers.of("weir", "io.weir")
        .layer("benchmarks..", "planted..", "testing..")
        .layer("cli..")
        .layer("lab..")
        .layer("load..")
        .layer("client..", "cache..", "master..")
        .layer("web..")
        .layer("model..")
        .check(project);
  }

  @Test
  void theOperatorsDocumentsAreAboveTheModel() {
    Layers.of("cluster-model", "io.weir.model")
        .layer("operator")
        .layer(Layers.ROOT)
        .check(project.that(resideInAPackage("io.weir.model..")));
  }

  @Test
  void theModelKnowsNoFramework() {
    classes()
        .that()
        .resideInAPackage("io.weir.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.weir.model..",
            "org.jspecify.annotations",
            "com.fasterxml.jackson.annotation")
        .check(project);
  }

  @Test
  void clientsKnowNoServer() {
    noClasses()
        .that()
        .resideInAnyPackage(CLIENTS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVERS)
        .check(project);
  }

  @Test
  void onlyTheCommandLineKnowsPicocli() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.weir.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(project);
  }
}
