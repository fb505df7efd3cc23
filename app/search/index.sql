-- Statement triggers. Of an UPDATE only the rows whose words changed are read anew; what is on sale, or stands elsewhere in
-- the order, costs a narrow row without an index.

-- Few products are read anew in the transaction that changed them. Many are noted, and read by the relay 500 at a time: an
-- import then holds its locks a third as long, and is found within seconds (kept answers of search may be a minute old anyway).
-- Notes are only ever added here, so nobody waits for who reads them.
CREATE OR REPLACE FUNCTION search_take(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(ids) <= 500 THEN
        PERFORM search_refresh(ids);
    ELSE
        INSERT INTO search_due (id, product_ids)
        SELECT gen_random_uuid(), array_agg(i.id) FROM unnest(ids) WITH ORDINALITY i(id, at) GROUP BY (i.at - 1) / 500;
    END IF;
END $$;

-- Reads the products of the oldest note. Returns whether there was one.
CREATE OR REPLACE FUNCTION search_catch_up() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE due uuid[];
BEGIN
    DELETE FROM search_due WHERE id = (SELECT id FROM search_due ORDER BY at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING product_ids INTO due;
    IF due IS NOT NULL THEN
        PERFORM search_refresh(due);
    END IF;
    RETURN due IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION search_after_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE search_entry;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM search_entry e USING stale s WHERE e.product_id = s.id;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM search_take(array_agg(id)) FROM fresh;
    ELSE
        DELETE FROM search_entry e USING stale s WHERE e.product_id = s.id AND NOT EXISTS (SELECT FROM fresh f WHERE f.id = s.id);
        PERFORM search_take(array_agg(f.id)) FROM fresh f LEFT JOIN stale s USING (id)
        WHERE s.id IS NULL OR (f.title, f.subtitle, f.description, f.keywords, f.attributes, f.maker_id, f.category_id, f.type_id)
            IS DISTINCT FROM (s.title, s.subtitle, s.description, s.keywords, s.attributes, s.maker_id, s.category_id, s.type_id)
        HAVING count(*) > 0;
        UPDATE search_entry e SET shown = f.status = 'published' AND f.price_from IS NOT NULL, publish_at = f.publish_at, rank = f.rank
        FROM fresh f WHERE e.product_id = f.id
            AND (e.shown, e.publish_at, e.rank) IS DISTINCT FROM (f.status = 'published' AND f.price_from IS NOT NULL, f.publish_at, f.rank);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_after_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM search_take(array_agg(DISTINCT product_id)) FROM fresh WHERE options <> '{}' HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM search_take(array_agg(DISTINCT product_id)) FROM stale WHERE options <> '{}' HAVING count(*) > 0;
    ELSE
        PERFORM search_take(array_agg(x.id)) FROM (
            SELECT unnest(ARRAY[s.product_id, f.product_id]) AS id FROM fresh f FULL JOIN stale s USING (id)
            WHERE (f.options, f.product_id) IS DISTINCT FROM (s.options, s.product_id)
        ) x WHERE x.id IS NOT NULL HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;

-- What a product says of others' names. TG_ARGV: the products' column, and the columns of the row that are said.
CREATE OR REPLACE FUNCTION search_after_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
    SELECT array_agg(f.id) INTO ids FROM (SELECT id, to_jsonb(f) AS row FROM fresh f) f JOIN (SELECT id, to_jsonb(s) AS row FROM stale s) s USING (id)
    WHERE EXISTS (SELECT FROM unnest(TG_ARGV[1]::text[]) said WHERE f.row->said IS DISTINCT FROM s.row->said);
    IF TG_TABLE_NAME = 'category' AND ids IS NOT NULL THEN
        SELECT array_agg(DISTINCT c.id) INTO ids FROM category a JOIN category c ON c.id = a.id OR starts_with(c.path, a.path || '/')
        WHERE a.id = ANY(ids);
    END IF;
    IF ids IS NOT NULL THEN
        EXECUTE format('SELECT search_take(array_agg(id)) FROM product WHERE %I = ANY($1) HAVING count(*) > 0', TG_ARGV[0]) USING ids;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_refresh_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_take(array_agg(id)) FROM product HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER search_insert AFTER INSERT ON product REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_product();
CREATE OR REPLACE TRIGGER search_update AFTER UPDATE ON product REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_product();
CREATE OR REPLACE TRIGGER search_delete AFTER DELETE ON product REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_product();
CREATE OR REPLACE TRIGGER search_truncate AFTER TRUNCATE ON product FOR EACH STATEMENT EXECUTE FUNCTION search_after_product();
CREATE OR REPLACE TRIGGER search_insert AFTER INSERT ON variant REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_variant();
CREATE OR REPLACE TRIGGER search_update AFTER UPDATE ON variant REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_variant();
CREATE OR REPLACE TRIGGER search_delete AFTER DELETE ON variant REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_variant();
CREATE OR REPLACE TRIGGER search_truncate AFTER TRUNCATE ON variant FOR EACH STATEMENT EXECUTE FUNCTION search_refresh_all();
CREATE OR REPLACE TRIGGER search_name AFTER UPDATE ON maker REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_name('maker_id', '{name}');
CREATE OR REPLACE TRIGGER search_name AFTER UPDATE ON category REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_name('category_id', '{title,path}');
CREATE OR REPLACE TRIGGER search_name AFTER UPDATE ON product_type REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_after_name('type_id', '{attributes}');
