-- Where a node's fast port is reached, inside and outside its network; '' when it has none.
ALTER TABLE node ADD COLUMN fast_url VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN external_fast_url VARCHAR(512) NOT NULL DEFAULT '';
