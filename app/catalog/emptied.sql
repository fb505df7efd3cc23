-- TRUNCATE names no rows: what products keep of the emptied table is worked out anew for all of them.
CREATE OR REPLACE FUNCTION refresh_all_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_products(array_agg(id)) FROM product;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refresh_all_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE product SET rating_sum = 0, rating_count = 0 WHERE (rating_sum, rating_count) IS DISTINCT FROM (0, 0);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER refresh_truncate AFTER TRUNCATE ON variant FOR EACH STATEMENT EXECUTE FUNCTION refresh_all_products();
CREATE OR REPLACE TRIGGER refresh_truncate AFTER TRUNCATE ON price FOR EACH STATEMENT EXECUTE FUNCTION refresh_all_products();
CREATE OR REPLACE TRIGGER refresh_truncate AFTER TRUNCATE ON stock_band FOR EACH STATEMENT EXECUTE FUNCTION refresh_all_products();
CREATE OR REPLACE TRIGGER refresh_truncate AFTER TRUNCATE ON review FOR EACH STATEMENT EXECUTE FUNCTION refresh_all_ratings();
