-- What changed in the shared database, noted in the transaction that changed it: the app, psql and COPY alike.
-- After TRUNCATE nobody knows the rows: {"table", "all": true}. noting.sql says what is written of others.
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
