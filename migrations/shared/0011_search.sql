-- What search looks through, apart from the products: a new price, stock or rating rewrites no word of the index.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- English words, with and without their accents; and words as they stand, for the spelling.
CREATE TEXT SEARCH CONFIGURATION shop (COPY = english);
ALTER TEXT SEARCH CONFIGURATION shop ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION shop_spelling (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION shop_spelling ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;

CREATE TABLE search_entry (
    product_id uuid PRIMARY KEY,
    heading tsvector NOT NULL,
    document tsvector NOT NULL,
    shown boolean NOT NULL,
    publish_at timestamptz,
    rank int NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX search_entry_heading ON search_entry USING gin (heading) WITH (gin_pending_list_limit = 512);
CREATE INDEX search_entry_document ON search_entry USING gin (document) WITH (gin_pending_list_limit = 512);

-- Words that some product's heading, category or attributes hold, or held: near ones are offered for what is nowhere.
CREATE TABLE search_word (word varchar(40) PRIMARY KEY);
CREATE INDEX search_word_near ON search_word USING gin (word gin_trgm_ops);
CREATE INDEX search_word_length ON search_word (length(word));

CREATE TABLE synonym (
    id uuid PRIMARY KEY,
    kind varchar(10) NOT NULL CHECK (kind IN ('both', 'one')),
    terms jsonb NOT NULL CHECK (jsonb_typeof(terms) = 'array'),
    means jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(means) = 'array'),
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- How often each question was asked on a day, and how many products answered it when that was last looked at.
CREATE TABLE search_day (
    id uuid PRIMARY KEY,
    day date NOT NULL,
    query varchar(100) NOT NULL,
    asked int NOT NULL DEFAULT 0 CHECK (asked >= 0),
    found int,
    UNIQUE (day, query)
);
CREATE INDEX search_day_query ON search_day (query, day);

-- How far each edge node's access log has been counted; moves in the transaction that counts.
CREATE TABLE search_log (
    node varchar(80) PRIMARY KEY,
    counted_to timestamptz NOT NULL
);

DROP INDEX product_search;
