package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

  @TempDir private Path folder;

  @Test
  void anchorsAreThoseOfGitHub() throws IOException {
    Page page =
        page(
            """
            # A tour: of `KvDoor`, and (more)

            ## Try it

            ## [Try](other.md) it

            ### snake_case – dash
            """);

    assertThat(page.anchors())
        .containsExactly("a-tour-of-kvdoor-and-more", "try-it", "try-it-1", "snake_case--dash");
  }

  @Test
  void linksAreFoundOutsideOfCode() throws IOException {
    Page page =
        page(
            """
            See [one](a.md) and ![two](b.png "title"), not `[three](c.md)`.
            [four]: d.md
            <img src="e.png" alt="">
            | [`get`](#keys) | |

                [five](f.md)

            ```
            [six](g.md)
            ```
            """);

    assertThat(page.links()).containsExactly("a.md", "b.png", "d.md", "e.png", "#keys");
  }

  @Test
  void fencedLinesAreNeitherHeadingsNorWide() throws IOException {
    Page page =
        page(
            """
            ```sh
            # not a heading
            ```
            ## A heading of many columns
            | a row of many columns | |
            """);

    assertThat(page.headings()).containsExactly(4);
    assertThat(page.line(3)).isEmpty();
    assertThat(page.longerThan(10)).containsExactly(4);
  }

  private Page page(String text) throws IOException {
    return Page.read(Files.writeString(folder.resolve("page.md"), text));
  }
}
