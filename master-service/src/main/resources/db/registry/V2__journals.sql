-- Where the other members of its shard's group reach a node's journal: host:port:incarnation; empty before it has one.
ALTER TABLE node ADD COLUMN journal VARCHAR(300) NOT NULL DEFAULT '';
