LOCK TABLE product_facet IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO facet_tally (category_id, value, many)
SELECT category_id, unnest(facets || 0), count(*) FROM product_facet GROUP BY 1, 2;
