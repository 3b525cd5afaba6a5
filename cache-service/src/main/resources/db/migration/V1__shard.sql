-- Taken as it is by MySQL, MariaDB and H2 in MySQL mode.

-- The rows of the shard. An absent v is a tombstone; an absent expires_at (milliseconds since the epoch) is "never".
CREATE TABLE kv (
  slot SMALLINT UNSIGNED NOT NULL,
  k VARBINARY(512) NOT NULL,
  v LONGBLOB NULL,
  content_type VARCHAR(255) NULL,
  expires_at BIGINT NULL,
  version BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (slot, k)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX kv_expires_at ON kv (expires_at);

-- Who the database belongs to, and who leads it: one row, the fence of every transaction.
CREATE TABLE shard (
  one TINYINT NOT NULL PRIMARY KEY CHECK (one = 1),
  id CHAR(36) NOT NULL,
  cluster CHAR(36) NULL,
  shards INT NULL,
  ranges VARCHAR(4096) NULL,
  generation BIGINT NOT NULL,
  term BIGINT NOT NULL,
  leader VARCHAR(64) NULL,
  members VARCHAR(4096) NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
