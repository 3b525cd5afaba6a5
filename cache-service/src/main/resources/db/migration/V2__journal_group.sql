-- The group of servers that keeps the shard's journal.

-- What its members prove to hold to each other; drawn anew with each generation.
ALTER TABLE shard ADD COLUMN secret VARCHAR(64) NULL;

-- The term that the generation began with: the terms of its own log count from there, so that terms never go down.
ALTER TABLE shard ADD COLUMN founding_term BIGINT NOT NULL DEFAULT 0;
