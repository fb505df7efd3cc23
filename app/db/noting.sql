-- One outbox row per 500 changed rows of a statement: {"table", "rows": [{"id", "columns", "old", "new"}]}.
-- `old` and `new` hold the columns named in the trigger's arguments: what Python needs to find the pages.
-- Of a row that is new or gone all columns changed: the same list for each of ten thousand, so made once.
CREATE OR REPLACE FUNCTION write_changes(named text, key text, shown text[], olds jsonb[], news jsonb[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO outbox (id, kind, body)
    SELECT gen_random_uuid(), 'changed', jsonb_build_object('table', named, 'rows', jsonb_agg(jsonb_build_object(
        'id', coalesce(n, o)->key,
        'columns', CASE WHEN o IS NULL OR n IS NULL THEN whole.columns
            ELSE (SELECT coalesce(jsonb_agg(c.key), '[]') FROM jsonb_each(n) c WHERE o->c.key IS DISTINCT FROM c.value) END,
        'old', (SELECT jsonb_object_agg(s, o->s) FROM unnest(shown) s WHERE o IS NOT NULL),
        'new', (SELECT jsonb_object_agg(s, n->s) FROM unnest(shown) s WHERE n IS NOT NULL))))
    FROM unnest(olds, news) WITH ORDINALITY AS change(o, n, at),
        (SELECT jsonb_agg(k) AS columns FROM jsonb_object_keys(coalesce(news[1], olds[1])) k) whole
    GROUP BY at / 500
$$;

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
