-- How a term is compared: by its words' stems and their places, so that "pot plants" is "pot plant" and not "plant pot".
CREATE OR REPLACE FUNCTION search_key(term text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.to_tsvector('public.shop', term)::text
$$;

CREATE OR REPLACE FUNCTION search_keys(terms jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(public.search_key(t)) FROM pg_catalog.jsonb_array_elements_text(terms) t
$$;

CREATE INDEX IF NOT EXISTS synonym_terms ON synonym USING gin (search_keys(terms));
