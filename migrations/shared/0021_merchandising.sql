-- Redirects of addresses that have something now: triggers in app/catalog/addresses.sql see to it from here on.
DELETE FROM redirect WHERE old_path IN (
    SELECT '/p/' || slug FROM product WHERE status <> 'draft'
    UNION ALL SELECT '/c/' || path FROM category UNION ALL SELECT '/c/' || slug FROM collection);

-- Who of the staff changed what.
CREATE TABLE edit (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by varchar(254) NOT NULL,
    what varchar(20) NOT NULL,
    which uuid NOT NULL,
    did varchar(10) NOT NULL  CHECK (did IN ('created', 'changed', 'deleted')),
    title varchar(300) NOT NULL
);
CREATE INDEX edit_which ON edit (which, at DESC);
