-- What follows for a product from its prices, stock and reviews (listing.sql has the triggers): where a row
-- moved from one product to another, for both.
-- For price and stock_band, which know a variant only.
CREATE OR REPLACE FUNCTION refresh_after_variant_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refresh_products(array_agg(DISTINCT v.product_id)) FROM variant v WHERE v.id IN (SELECT variant_id FROM stale);
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM refresh_products(array_agg(DISTINCT v.product_id)) FROM variant v WHERE v.id IN (SELECT variant_id FROM fresh);
    ELSE
        PERFORM refresh_products(array_agg(DISTINCT v.product_id)) FROM variant v
        WHERE v.id IN (SELECT variant_id FROM fresh UNION SELECT variant_id FROM stale);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refresh_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
    IF TG_OP = 'DELETE' THEN SELECT array_agg(DISTINCT product_id) INTO ids FROM stale;
    ELSIF TG_OP = 'INSERT' THEN SELECT array_agg(DISTINCT product_id) INTO ids FROM fresh;
    ELSE SELECT array_agg(product_id) INTO ids FROM (SELECT product_id FROM fresh UNION SELECT product_id FROM stale) either; END IF;
    PERFORM FROM product WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE product p SET rating_sum = x.total, rating_count = x.many
    FROM (SELECT i.id, coalesce(sum(r.rating), 0) AS total, count(r.id) AS many
          FROM unnest(ids) i(id) LEFT JOIN review r ON r.product_id = i.id AND r.state = 'approved' GROUP BY i.id) x
    WHERE p.id = x.id AND (p.rating_sum, p.rating_count) IS DISTINCT FROM (x.total, x.many);
    RETURN NULL;
END $$;
