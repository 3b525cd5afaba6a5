-- What the status is made of: each node's figures, and what has happened.

-- The database's clock at the node's last heartbeat; null before there was one.
ALTER TABLE node ADD COLUMN seen_at BIGINT NULL;

-- JSON, as of the last heartbeat; empty when that carried none.
ALTER TABLE node MODIFY COLUMN load_figures VARCHAR(2048) NOT NULL;
UPDATE node SET load_figures = '';

-- The newest events, written by the transaction that moved "version"; "seq" has no gaps.
CREATE TABLE cluster_event (
  seq         BIGINT NOT NULL PRIMARY KEY,
  happened_at BIGINT NOT NULL,
  event_type  VARCHAR(16) NOT NULL,
  node        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  shard       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  description VARCHAR(2048) NOT NULL
);
