-- How many servers are to keep the shard's journal. In a table of its own, which hardly ever changes: the row of shard is written by every
-- transaction, and a server of an earlier release, which does not know this table, goes on beside it.
CREATE TABLE group_size (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  members INT NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
