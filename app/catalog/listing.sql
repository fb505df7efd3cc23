-- What lists show of a product is kept on the product, so that a list reads one table and a purge knows
-- whether anything visible changed. Statement triggers: a bulk import refreshes its products once.
-- prices.sql has what they call.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

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
