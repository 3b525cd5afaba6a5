-- Fingerprints of what servers show to prove that they have their shard's database; '' for none. A
-- shard's stands once all of its servers show the same, and not before "proof_from", which is in
-- milliseconds of the database's own clock.
ALTER TABLE shard ADD COLUMN proof VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE shard ADD COLUMN proof_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN proof VARCHAR(64) NOT NULL DEFAULT '';
