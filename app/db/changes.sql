-- What changed in the shared database, noted in the transaction that changed it: the app, psql and COPY alike.
-- One outbox row per 500 changed rows of a statement: {"table", "rows": [{"id", "columns", "old", "new"}]}.
-- `old` and `new` hold the columns named in the trigger's arguments: what Python needs to find the pages.
-- After TRUNCATE nobody knows the rows: {"table", "all": true}.
CREATE FUNCTION write_changes(named text, key text, shown text[], olds jsonb[], news jsonb[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO outbox (id, kind, body)
    SELECT gen_random_uuid(), 'changed', jsonb_build_object('table', named, 'rows', jsonb_agg(jsonb_build_object(
        'id', coalesce(n, o)->key,
        'columns', (SELECT coalesce(jsonb_agg(c.key), '[]') FROM jsonb_each(coalesce(n, o)) c
                    WHERE o IS NULL OR n IS NULL OR o->c.key IS DISTINCT FROM n->c.key),
        'old', (SELECT jsonb_object_agg(s, o->s) FROM unnest(shown) s WHERE o IS NOT NULL),
        'new', (SELECT jsonb_object_agg(s, n->s) FROM unnest(shown) s WHERE n IS NOT NULL))))
    FROM unnest(olds, news) WITH ORDINALITY AS change(o, n, at)
    GROUP BY at / 500
$$;

CREATE FUNCTION note_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (id, kind, body)
    VALUES (gen_random_uuid(), 'changed', jsonb_build_object('table', TG_TABLE_NAME, 'all', true));
    RETURN NULL;
END $$;

CREATE FUNCTION watch(named text, key text, shown text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION note_change(%L, %L)', named, key, shown);
    EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION note_change(%L, %L)', named, key, shown);
    EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS stale
        FOR EACH STATEMENT EXECUTE FUNCTION note_change(%L, %L)', named, key, shown);
    EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION note_truncate()', named);
END $$;

SELECT watch('product', 'id', '{slug,category_id,status,price_from}');
SELECT watch('variant', 'id', '{product_id}');
SELECT watch('price', 'id', '{variant_id}');
SELECT watch('stock_band', 'variant_id', '{variant_id}');
SELECT watch('maker', 'id', '{}');
SELECT watch('category', 'id', '{path,parent_id}');
SELECT watch('product_type', 'id', '{}');
SELECT watch('picture', 'hash', '{}');
SELECT watch('product_picture', 'id', '{product_id}');
SELECT watch('collection', 'id', '{slug}');
SELECT watch('collection_product', 'id', '{collection_id,product_id}');
SELECT watch('redirect', 'id', '{old_path,new_path}');
SELECT watch('block', 'id', '{page}');
SELECT watch('review', 'id', '{product_id,state}');

CREATE INDEX outbox_due ON outbox (available_at) WHERE done_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
