-- The registry of one cluster, in the form that MySQL, MariaDB and H2 (MODE=MySQL) all take.

-- One row. Every change that clients can see moves "version" by compare-and-set.
CREATE TABLE registry (
  one        TINYINT NOT NULL PRIMARY KEY,
  cluster_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  shards     INT NULL,
  adopted    BOOLEAN NOT NULL,
  version    BIGINT NOT NULL
);

INSERT INTO registry (one, cluster_id, shards, adopted, version) VALUES (1, NULL, NULL, FALSE, 0);

-- A shard is never forgotten: the rows of its ranges live in its database.
CREATE TABLE shard (
  id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  arrival    INT NOT NULL,
  ranges     TEXT NOT NULL,
  generation BIGINT NOT NULL,
  term       BIGINT NOT NULL,
  leader     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
);

-- "lease_until" is in milliseconds of the database's own clock.
CREATE TABLE node (
  id           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  shard        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  url          VARCHAR(512) NOT NULL,
  external_url VARCHAR(512) NOT NULL,
  role         VARCHAR(16) NOT NULL,
  generation   BIGINT NOT NULL,
  term         BIGINT NOT NULL,
  state        VARCHAR(8) NOT NULL,
  lease_until  BIGINT NOT NULL,
  load_figures VARCHAR(1024) NOT NULL
);
