-- Lists of whole categories read sums, and walk an index to their page, their ends of prices and their newest.
CREATE TABLE facet_tally (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id uuid NOT NULL,
    value integer NOT NULL,
    many integer NOT NULL
);
CREATE INDEX facet_tally_value ON facet_tally (category_id, value) INCLUDE (many);

DROP INDEX product_facet_category;
CREATE INDEX product_facet_rank ON product_facet (category_id, rank, product_id);
CREATE INDEX product_facet_price ON product_facet (category_id, price, product_id);
CREATE INDEX product_facet_newest ON product_facet (category_id, since, product_id);
CREATE INDEX product_facet_rating ON product_facet (category_id, rating, product_id);
CREATE INDEX product_facet_hidden ON product_facet (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX product_facet_values ON product_facet USING gin (facets);
