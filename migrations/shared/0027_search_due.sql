-- Products of a big change whose words are still to be read; app/search/index.sql notes them.
CREATE TABLE search_due (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    product_ids uuid[] NOT NULL
);
CREATE INDEX search_due_oldest ON search_due (at, id);
