-- How many products of each category have each value (number 0: all of them), kept as differences: whoever changes a
-- product adds rows and touches none, so that nobody waits for anybody, and every reader sees sums that fit its products.
-- A product whose time has not come is counted, too; who reads takes those off.
CREATE OR REPLACE FUNCTION tally_facets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE facet_tally;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO facet_tally (category_id, value, many)
        SELECT category_id, unnest(facets || 0) AS value, count(*) FROM fresh GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO facet_tally (category_id, value, many)
        SELECT category_id, unnest(facets || 0) AS value, -count(*) FROM stale GROUP BY 1, 2;
    ELSE
        INSERT INTO facet_tally (category_id, value, many)
        SELECT category_id, value, sum(many) FROM (
            SELECT category_id, unnest(facets || 0) AS value, 1 AS many FROM fresh
            UNION ALL SELECT category_id, unnest(facets || 0), -1 FROM stale) x GROUP BY 1, 2 HAVING sum(many) <> 0;
    END IF;
    RETURN NULL;
END $$;

-- Several rows of one value become one. Each is taken by one fold alone, however many run.
CREATE OR REPLACE FUNCTION fold_tallies() RETURNS integer LANGUAGE sql AS $$
    WITH several AS (SELECT category_id, value FROM facet_tally GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 10000),
    gone AS (DELETE FROM facet_tally t USING several s WHERE (t.category_id, t.value) = (s.category_id, s.value) RETURNING t.*),
    folded AS (
        INSERT INTO facet_tally (category_id, value, many)
        SELECT category_id, value, sum(many) FROM gone GROUP BY 1, 2 HAVING sum(many) <> 0)
    SELECT count(*)::integer FROM gone
$$;

CREATE OR REPLACE TRIGGER tally_insert AFTER INSERT ON product_facet REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tally_facets();
CREATE OR REPLACE TRIGGER tally_update AFTER UPDATE ON product_facet REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tally_facets();
CREATE OR REPLACE TRIGGER tally_delete AFTER DELETE ON product_facet REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION tally_facets();
CREATE OR REPLACE TRIGGER tally_truncate AFTER TRUNCATE ON product_facet FOR EACH STATEMENT EXECUTE FUNCTION tally_facets();
