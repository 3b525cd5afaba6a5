-- What the shard's servers show to the masters, to be told from others that hold a token for them. Drawn once, and kept over all
-- generations. Read at a server's start, and written by nobody else: a table of its own, so that it is not in the binary log again and
-- again, and a dump for somebody else leaves it out.
CREATE TABLE shard_proof (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  proof CHAR(64) NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
