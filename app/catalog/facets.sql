-- The derived facet index. Whatever changes a product, a variant, a type or a maker's address, by the app, psql or COPY,
-- refreshes the rows of the products concerned in the same transaction. Nothing else writes these tables.

-- The name of an attribute as a facet: sizes in millilitres and in centimetres are two facets.
CREATE OR REPLACE FUNCTION facet_name(code text, unit text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT code || coalesce('-' || nullif(lower(regexp_replace(unit, '[^A-Za-z0-9]', '', 'g')), ''), '')
$$;

-- All that these products can be found by. A flag counts when it is true; a value too long for an address is none.
CREATE OR REPLACE FUNCTION facets_of(ids uuid[]) RETURNS TABLE (product_id uuid, name text, value text)
LANGUAGE sql STABLE AS $$
    WITH p AS (SELECT * FROM product WHERE id = ANY(ids) AND status = 'published' AND price_from IS NOT NULL),
    kind AS (
        SELECT t.id AS type_id, a->>'code' AS code, coalesce(a->'is_option' = 'true', false) AS is_option,
            'f_' || facet_name(a->>'code', a->>'unit') AS name
        FROM product_type t, jsonb_array_elements(t.attributes) a WHERE a->'is_facet' = 'true'),
    said AS (
        SELECT p.id, 'maker' AS name, m.slug::text AS value FROM p JOIN maker m ON m.id = p.maker_id
        UNION ALL SELECT id, 'stock', 'in' FROM p WHERE band IN ('in', 'few')
        UNION ALL SELECT id, 'offer', 'sale' FROM p WHERE was_from IS NOT NULL
        UNION ALL SELECT id, 'rating', '4' FROM p WHERE rating_count > 0 AND rating_sum >= 4 * rating_count
        UNION ALL
        SELECT p.id, k.name, e #>> '{}' FROM p JOIN kind k ON k.type_id = p.type_id AND NOT k.is_option,
            jsonb_array_elements(CASE jsonb_typeof(p.attributes->k.code) WHEN 'array' THEN p.attributes->k.code
                ELSE jsonb_build_array(p.attributes->k.code) END) e WHERE p.attributes ? k.code AND e <> 'false'
        UNION ALL
        SELECT p.id, k.name, o.value FROM p JOIN variant v ON v.product_id = p.id AND v.published,
            jsonb_each_text(v.options) o, kind k WHERE k.type_id = p.type_id AND k.is_option AND k.code = o.key)
    SELECT DISTINCT id, name, value FROM said
    WHERE name ~ '^[a-z_][A-Za-z0-9_-]*$' AND length(name) <= 80 AND value <> '' AND length(value) <= 80
$$;

-- The rows of these products as they are now. What they can be found by is read once: it is the dear part of an import.
CREATE OR REPLACE FUNCTION write_facets(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE owners uuid[]; names text[]; vals text[];
BEGIN
    SELECT array_agg(f.product_id), array_agg(f.name), array_agg(f.value) INTO owners, names, vals FROM facets_of(ids) f;
    INSERT INTO facet_value (name, value)
    SELECT DISTINCT f.name, f.value FROM unnest(names, vals) f(name, value)
    WHERE NOT EXISTS (SELECT FROM facet_value k WHERE k.name = f.name AND k.value = f.value) ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    INSERT INTO product_facet AS is_now
    SELECT p.id, p.category_id, p.type_id, p.rank, p.price_from, p.publish_at, coalesce(p.publish_at, p.created_at),
        (p.rating_sum + 12.0) / (p.rating_count + 3), coalesce(x.facets, '{}')
    FROM product p LEFT JOIN (
        SELECT f.product_id, array_agg(k.id ORDER BY k.id) AS facets
        FROM unnest(owners, names, vals) f(product_id, name, value) JOIN facet_value k USING (name, value) GROUP BY 1) x ON x.product_id = p.id
    WHERE p.id = ANY(ids) AND p.status = 'published' AND p.price_from IS NOT NULL
    ON CONFLICT (product_id) DO UPDATE SET (category_id, type_id, rank, price, publish_at, since, rating, facets) =
        (EXCLUDED.category_id, EXCLUDED.type_id, EXCLUDED.rank, EXCLUDED.price, EXCLUDED.publish_at, EXCLUDED.since,
         EXCLUDED.rating, EXCLUDED.facets)
    WHERE is_now IS DISTINCT FROM EXCLUDED;
END $$;

-- The product's lock comes first, as in refresh_products: who waits for it then sees what the other committed.
CREATE OR REPLACE FUNCTION refresh_facets(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM product_facet f USING product p
    WHERE f.product_id = ANY(ids) AND p.id = f.product_id AND (p.status <> 'published' OR p.price_from IS NULL);
    PERFORM write_facets(ids);
END $$;

CREATE OR REPLACE FUNCTION facets_after_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Nobody else can see new products, so nobody needs to be waited for.
        PERFORM write_facets(array_agg(id)) FROM fresh WHERE status = 'published' AND price_from IS NOT NULL HAVING count(*) > 0;
    ELSE
        PERFORM refresh_facets(array_agg(f.id)) FROM fresh f LEFT JOIN stale s ON s.id = f.id
        WHERE (f.status, f.category_id, f.type_id, f.maker_id, f.rank, f.price_from, f.was_from, f.band, f.publish_at,
               f.created_at, f.rating_sum, f.rating_count, f.attributes)
            IS DISTINCT FROM (s.status, s.category_id, s.type_id, s.maker_id, s.rank, s.price_from, s.was_from, s.band,
               s.publish_at, s.created_at, s.rating_sum, s.rating_count, s.attributes);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facets_after_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM refresh_facets(array_agg(DISTINCT product_id)) FROM fresh;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM refresh_facets(array_agg(DISTINCT product_id)) FROM stale;
    ELSE
        PERFORM refresh_facets(array_agg(product_id)) FROM (
            SELECT product_id FROM (TABLE fresh EXCEPT TABLE stale) more
            UNION SELECT product_id FROM (TABLE stale EXCEPT TABLE fresh) less) either;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facets_after_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facets(array_agg(p.id)) FROM product p JOIN fresh f ON f.id = p.type_id JOIN stale s ON s.id = f.id
    WHERE f.attributes <> s.attributes;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facets_after_maker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facets(array_agg(p.id)) FROM product p JOIN fresh f ON f.id = p.maker_id JOIN stale s ON s.id = f.id
    WHERE f.slug <> s.slug;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facets_after_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facets(array_agg(id)) FROM product;
    RETURN NULL;
END $$;

-- Names begin with `refresh_z`: triggers of one table fire in the order of their names, and these read what others keep.
CREATE OR REPLACE TRIGGER refresh_z_insert AFTER INSERT ON product REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_product();
CREATE OR REPLACE TRIGGER refresh_z_update AFTER UPDATE ON product REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_product();
CREATE OR REPLACE TRIGGER refresh_z_insert AFTER INSERT ON variant REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_variant();
CREATE OR REPLACE TRIGGER refresh_z_update AFTER UPDATE ON variant REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_variant();
CREATE OR REPLACE TRIGGER refresh_z_delete AFTER DELETE ON variant REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_variant();
CREATE OR REPLACE TRIGGER refresh_z_truncate AFTER TRUNCATE ON variant FOR EACH STATEMENT EXECUTE FUNCTION facets_after_all();
CREATE OR REPLACE TRIGGER refresh_z_update AFTER UPDATE ON product_type REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_type();
CREATE OR REPLACE TRIGGER refresh_z_update AFTER UPDATE ON maker REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION facets_after_maker();
