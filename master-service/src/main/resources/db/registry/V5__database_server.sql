-- The database server that answers a node, by the name that it gives itself; '' when it does not tell.
ALTER TABLE node ADD COLUMN database_server VARCHAR(64) NOT NULL DEFAULT '';
