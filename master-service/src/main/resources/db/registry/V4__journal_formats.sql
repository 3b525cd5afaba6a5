-- The formats of its shard's journal that a node tells to read and to write; 0 when it does not tell.
ALTER TABLE node ADD COLUMN reads_format INT NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN writes_format INT NOT NULL DEFAULT 0;
