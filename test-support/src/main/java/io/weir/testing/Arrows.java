package io.weir.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All arrows between some rooms, each with the pairs of classes that make it. A nested class counts
 * as the class that it is in.
 */
record Arrows(SortedMap<Arrow, SortedSet<String>> uses) {

  /** Finds them, where {@code rooms} has the room of each class by the class's name. */
  static Arrows between(JavaClasses classes, Map<String, String> rooms) {
    SortedMap<Arrow, SortedSet<String>> uses = new TreeMap<>();
    for (JavaClass each : classes) {
      String from = rooms.get(each.getName());
      if (from == null) {
        continue;
      }
      for (Dependency use : each.getDirectDependenciesFromSelf()) {
        JavaClass used = use.getTargetClass().getBaseComponentType();
        String to = rooms.get(used.getName());
        if (to != null && !to.equals(from)) {
          uses.computeIfAbsent(new Arrow(from, to), arrow -> new TreeSet<>())
              .add(outermost(each) + " uses " + outermost(used));
        }
      }
    }
    return new Arrows(uses);
  }

  private static String outermost(JavaClass nested) {
    return nested.getName().replaceFirst("\\$.*", "");
  }

  /** The rooms of each circle, where every room can be reached from every other. */
  List<SortedSet<String>> circles() {
    List<SortedSet<String>> circles = new ArrayList<>();
    SortedSet<String> seen = new TreeSet<>();
    for (Arrow arrow : uses.keySet()) {
      String room = arrow.from();
      if (seen.contains(room)) {
        continue;
      }
      SortedSet<String> circle = new TreeSet<>();
      for (String other : reachableFrom(room)) {
        if (reachableFrom(other).contains(room)) {
          circle.add(other);
        }
      }
      if (!circle.isEmpty()) {
        circles.add(circle);
        seen.addAll(circle);
      }
    }
    return circles;
  }

  private Set<String> reachableFrom(String room) {
    Set<String> reached = new TreeSet<>();
    List<String> next = new ArrayList<>(List.of(room));
    while (!next.isEmpty()) {
      String here = next.removeLast();
      for (Arrow arrow : uses.keySet()) {
        if (arrow.from().equals(here) && reached.add(arrow.to())) {
          next.add(arrow.to());
        }
      }
    }
    return reached;
  }
}
