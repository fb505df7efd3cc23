-- Photographs that staff upload, as the files that browsers get: `name` is the end of the address, such as <hash>.640.avif.
CREATE TABLE photograph (
    name varchar(64) PRIMARY KEY,
    body bytea NOT NULL
);
ALTER TABLE photograph ALTER COLUMN body SET STORAGE EXTERNAL; -- nothing makes them smaller
