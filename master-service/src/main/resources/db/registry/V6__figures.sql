-- Each node's figures, apart from its lease: what a heartbeat changes is a short row then, in the binary log too.
CREATE TABLE node_figures (
  id      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  figures VARCHAR(2048) NOT NULL
);
