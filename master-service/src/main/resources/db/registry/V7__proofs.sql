-- Fingerprints of what servers show to prove that they have their shard's database; '' for none. A shard's stands once all of its servers
-- that are up have shown the same.
ALTER TABLE shard ADD COLUMN proof VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN proof VARCHAR(64) NOT NULL DEFAULT '';
