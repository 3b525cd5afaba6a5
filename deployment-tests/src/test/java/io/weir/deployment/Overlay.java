package io.weir.deployment;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code kubectl kustomize} makes of a directory.
 *
 * @param name of the directory under {@code k8s}
 */
record Overlay(String name, List<HasMetadata> resources) {

  /** Pods of one resource. */
  record Workload(String name, int replicas, PodTemplateSpec pods) {

    Map<String, String> labels() {
      return pods.getMetadata().getLabels();
    }

    Container container() {
      return pods.getSpec().getContainers().getFirst();
    }

    boolean isOurs() {
      return container().getImage().matches("weir-[a-z]+:.*");
    }

    boolean isSelectedBy(Map<String, String> selector) {
      return labels().entrySet().containsAll(selector.entrySet());
    }
  }

  /** Builds it; absent where there is no kubectl. */
  static Optional<Overlay> build(String directory) {
    Process kubectl;
    try {
      kubectl =
          new ProcessBuilder("kubectl", "kustomize", Repository.file("k8s/" + directory).toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try (InputStream output = kubectl.getInputStream()) {
      String yaml = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      int status = kubectl.waitFor();
      if (status != 0) {
        throw new AssertionError("kubectl kustomize k8s/" + directory + " ended with " + status);
      }
      return Optional.of(new Overlay(directory, KubernetesModel.read(yaml)));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  <T extends HasMetadata> Stream<T> all(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast);
  }

  List<Workload> workloads() {
    return resources.stream().flatMap(Overlay::workload).toList();
  }

  /** Those that run an image of ours. */
  List<Workload> ours() {
    return workloads().stream().filter(Workload::isOurs).toList();
  }

  List<Workload> running(String image) {
    return ours().stream()
        .filter(workload -> workload.container().getImage().startsWith(image + ":"))
        .toList();
  }

  private static Stream<Workload> workload(HasMetadata resource) {
    String name = resource.getMetadata().getName();
    return switch (resource) {
      case Deployment of ->
          Stream.of(new Workload(name, of.getSpec().getReplicas(), of.getSpec().getTemplate()));
      case StatefulSet of ->
          Stream.of(new Workload(name, of.getSpec().getReplicas(), of.getSpec().getTemplate()));
      case Job of -> Stream.of(new Workload(name, 1, of.getSpec().getTemplate()));
      default -> Stream.empty();
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
