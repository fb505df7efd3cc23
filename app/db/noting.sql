-- What each watching trigger does, see changes.sql. A row whose key changed is one that is gone and one that is new.
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := TG_ARGV[0];
    shown text[] := TG_ARGV[1]::text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_changes(TG_TABLE_NAME, key, shown, array_agg(NULL::jsonb), array_agg(to_jsonb(n))) FROM fresh n;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM write_changes(TG_TABLE_NAME, key, shown, array_agg(to_jsonb(o)), array_agg(NULL::jsonb)) FROM stale o;
    ELSE
        PERFORM write_changes(TG_TABLE_NAME, key, shown, array_agg(o), array_agg(n))
        FROM (SELECT to_jsonb(s) AS o FROM stale s) was FULL JOIN (SELECT to_jsonb(f) AS n FROM fresh f) is_now ON o->>key = n->>key
        WHERE o IS DISTINCT FROM n;
    END IF;
    RETURN NULL;
END $$;
