-- How far this database has come: the number of the last flush that is in it, and the highest version that any flush has
-- brought. One row, of its own, so that what reads the binary log is not shown the row of the shard with each flush.
CREATE TABLE flush (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL,
  highest BIGINT UNSIGNED NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO flush (one, seq, highest) VALUES (1, 0, 0);
