-- What the database knows of the journal, so that another journal is not taken for it.

-- The newest reign. A generation below the shard's own was founded by a server that does not know this table: nothing is known of it.
-- may_be_dirty counts for "no" only while generation and term are those of the shard: a server that does not know this table moves them.
CREATE TABLE reign (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  generation BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  term BIGINT NOT NULL,
  holder VARCHAR(36) NOT NULL,
  may_be_dirty TINYINT NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO reign (one, generation, epoch, term, holder, may_be_dirty)
SELECT one, generation, 0, term, '', CASE WHEN secret IS NULL THEN 0 ELSE 1 END FROM shard;

-- What the group's members prove to hold, in a table that hardly changes: the row of shard is written by every transaction, and with it
-- the secret would go into the binary log each time. A dump for somebody else leaves this table out.
CREATE TABLE group_secret (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  generation BIGINT NOT NULL,
  secret VARCHAR(64) NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO group_secret (one, generation, secret)
SELECT one, generation, secret FROM shard WHERE secret IS NOT NULL;
