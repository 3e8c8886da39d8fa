-- Hashes cannot be compressed: do not try each time that a tile grows.
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
