-- What lists show of a product is kept on the product, so that a list reads one table and a purge knows
-- whether anything visible changed. Statement triggers: a bulk import refreshes its products once.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Two transactions that change variants of one product see each other's old rows. So the second waits for the lock,
-- and its UPDATE, being a statement of its own, sees what the first committed.
-- NO KEY: a new variant or review holds its product's key shared, and two of them would wait for each other.
CREATE FUNCTION refresh_products(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE product p SET price_from = x.lowest, price_to = x.highest, was_from = x.was, band = x.band
    FROM (
        SELECT q.id, min(r.amount) AS lowest, max(r.amount) AS highest,
            (array_agg(r.was ORDER BY r.amount, r.was))[1] AS was,
            coalesce((array_agg(b.band ORDER BY array_position('{in,few,later,out}', b.band::text)))[1], 'out') AS band
        FROM product q
        LEFT JOIN variant v ON v.product_id = q.id AND v.published
        LEFT JOIN price r ON r.variant_id = v.id AND r.currency = q.currency AND r.min_quantity = 1
        LEFT JOIN stock_band b ON b.variant_id = v.id
        WHERE q.id = ANY(ids)
        GROUP BY q.id
    ) x
    WHERE p.id = x.id
        AND (p.price_from, p.price_to, p.was_from, p.band) IS DISTINCT FROM (x.lowest, x.highest, x.was, x.band);
END $$;

CREATE FUNCTION refresh_after_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM refresh_products(array_agg(DISTINCT product_id)) FROM fresh;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM refresh_products(array_agg(DISTINCT product_id)) FROM stale;
    ELSE
        PERFORM refresh_products(array_agg(product_id)) FROM (SELECT product_id FROM fresh UNION SELECT product_id FROM stale) either;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION refresh_on(named text, does text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER refresh_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION %I()', named, does);
    EXECUTE format('CREATE TRIGGER refresh_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION %I()', named, does);
    EXECUTE format('CREATE TRIGGER refresh_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS stale
        FOR EACH STATEMENT EXECUTE FUNCTION %I()', named, does);
END $$;

SELECT refresh_on('variant', 'refresh_after_variant');
SELECT refresh_on('price', 'refresh_after_variant_part');
SELECT refresh_on('stock_band', 'refresh_after_variant_part');
SELECT refresh_on('review', 'refresh_rating');

-- What search looks through: the name counts most, then keywords and subtitle, then the text.
CREATE FUNCTION search_document(title text, subtitle text, keywords text, description text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', keywords), 'B')
        || setweight(to_tsvector('english', subtitle), 'C') || setweight(to_tsvector('english', description), 'D')
$$;

CREATE INDEX product_search ON product USING gin (search_document(title, subtitle, keywords, description));
CREATE INDEX product_title_trgm ON product USING gin (title gin_trgm_ops);
CREATE INDEX product_by_rank ON product (category_id, rank, id) WHERE status = 'published';
CREATE INDEX product_by_price ON product (category_id, price_from, id) WHERE status = 'published';
CREATE INDEX product_by_age ON product (created_at DESC, id) WHERE status = 'published';
CREATE INDEX order_index_placed_at ON order_index (placed_at DESC, order_id DESC);
