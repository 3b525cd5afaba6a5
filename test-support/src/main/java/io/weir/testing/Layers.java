package io.weir.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The layers of a module from top to bottom, and the arrows between its rooms.
 *
 * <p>A room is a package, or with {@code ..} at its end a package and all that lies beneath it. Its
 * name is relative to the module's root package, which itself is the room {@value #ROOT}. An arrow
 * leads from a room to another whose classes it uses.
 *
 * <p>Arrows point down, past as many layers as they like. An arrow up is a fault; so are an arrow
 * across, which is one between two rooms of a layer, a circle, a class in no room or in two, and a
 * room without a class.
 *
 * <p>Each check prints on standard output the rooms and the arrows that it finds.
 */
public final class Layers {

  /** The room of the root package. */
  public static final String ROOT = ".";

  private final String module;
  private final String root;
  private final Map<String, Integer> floors = new LinkedHashMap<>();
  private final Set<Arrow> allowed = new HashSet<>();
  private int depth;

  private Layers(String module, String root) {
    this.module = module;
    this.root = root;
  }

  /** Begins with no layer; the module's classes are those of the root package and beneath it. */
  public static Layers of(String module, String root) {
    return new Layers(module, root);
  }

  /**
   * Adds a layer below those there are. Its rooms stand side by side and do not know each other.
   */
  public Layers layer(String... rooms) {
    for (String room : rooms) {
      if (floors.put(room, depth) != null) {
        throw new IllegalArgumentException(room + " is in two layers");
      }
    }
    depth++;
    return this;
  }

  /** Lets one room know another of the same layer. */
  public Layers allow(String from, String to) {
    if (!floors.containsKey(from) || !floors.get(from).equals(floors.get(to))) {
      throw new IllegalArgumentException(from + " and " + to + " are not rooms of one layer");
    }
    allowed.add(new Arrow(from, to));
    return this;
  }

  /** Checks the module's classes on the class path, without those of tests. */
  public void check() {
    check(new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(root));
  }

  /**
   * Checks those of the classes that are the module's.
   *
   * @throws AssertionError with a line for each fault
   */
  public void check(JavaClasses classes) {
    SortedSet<String> faults = new TreeSet<>();
    Map<String, String> rooms = rooms(classes, faults);
    Arrows arrows = Arrows.between(classes, rooms);
    List<SortedSet<String>> circles = arrows.circles();

    floors.keySet().stream()
        .filter(room -> !rooms.containsValue(room))
        .forEach(room -> faults.add(room + " has no class"));
    circles.forEach(circle -> faults.add("a circle: " + String.join(", ", circle)));
    arrows
        .uses()
        .forEach((arrow, uses) -> {
          if (isUp(arrow) || isAcross(arrow)) {
            faults.add(
                (isUp(arrow) ? "up: " : "across: ") + arrow + ": " + String.join("; ", uses));
          }
        });

    System.out.print(summary(arrows, circles.size()));
    if (!faults.isEmpty()) {
      throw new AssertionError(
          module + " does not keep its layers:\n  " + String.join("\n  ", faults));
    }
  }

  /** The room of each class of the module, by the class's name. */
  private Map<String, String> rooms(JavaClasses classes, Set<String> faults) {
    Map<String, String> rooms = new HashMap<>();
    for (JavaClass each : classes) {
      String name = each.getPackageName();
      if (!PackageMatcher.of(root + "..").matches(name)) {
        continue;
      }
      List<String> claims = floors.keySet().stream().filter(room -> holds(room, name)).toList();
      if (claims.size() == 1) {
        rooms.put(each.getName(), claims.getFirst());
      } else {
        faults.add(each.getName() + " is in " + (claims.isEmpty() ? "no room" : "two rooms"));
      }
    }
    return rooms;
  }

  private boolean holds(String room, String name) {
    String pattern = room.equals(ROOT) ? root : root + "." + room;
    return PackageMatcher.of(pattern).matches(name);
  }

  private boolean isUp(Arrow arrow) {
    return floor(arrow.to()) < floor(arrow.from());
  }

  private boolean isAcross(Arrow arrow) {
    return floor(arrow.to()) == floor(arrow.from()) && !allowed.contains(arrow);
  }

  private int floor(String room) {
    return floors.getOrDefault(room, depth);
  }

  private String summary(Arrows arrows, int circles) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d rooms on %d floors, %d arrows, %d up, %d across, %d circles%n"
            .formatted(
                module,
                floors.size(),
                depth,
                arrows.uses().size(),
                arrows.uses().keySet().stream().filter(this::isUp).count(),
                arrows.uses().keySet().stream().filter(this::isAcross).count(),
                circles));
    arrows
        .uses()
        .forEach((arrow, uses) -> text.append("  %s (%d)%n".formatted(arrow, uses.size())));
    return text.toString();
  }
}
