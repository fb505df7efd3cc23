-- What search knows of a product: its heading (title A, maker and keywords B) and all of its words (category, subtitle,
-- attributes and options C, description D). Kept by the triggers of index.sql, so the app, psql and COPY alike keep it.
CREATE OR REPLACE FUNCTION search_entries(ids uuid[])
RETURNS TABLE (product_id uuid, heading tsvector, document tsvector, shown boolean, publish_at timestamptz, rank int)
LANGUAGE sql STABLE AS $$
    SELECT p.id, h.heading, h.heading || setweight(to_tsvector('public.shop', concat_ws(' ', p.subtitle, said.words, made.words, filed.words)), 'C')
        || setweight(jsonb_to_tsvector('public.shop', p.attributes, '["string"]'), 'C')
        || setweight(to_tsvector('public.shop', p.description), 'D'),
        p.status = 'published' AND p.price_from IS NOT NULL, p.publish_at, p.rank
    FROM product p
    LEFT JOIN maker m ON m.id = p.maker_id LEFT JOIN category c ON c.id = p.category_id LEFT JOIN product_type t ON t.id = p.type_id
    CROSS JOIN LATERAL (SELECT setweight(to_tsvector('public.shop', p.title), 'A')
        || setweight(to_tsvector('public.shop', concat_ws(' ', m.name, p.keywords)), 'B') AS heading) h
    CROSS JOIN LATERAL (SELECT string_agg(k->'values'->>(p.attributes->>(k->>'code')), ' ') AS words FROM jsonb_array_elements(t.attributes) k) said
    CROSS JOIN LATERAL (SELECT string_agg(DISTINCT o.value, ' ') AS words
        FROM variant v CROSS JOIN jsonb_each_text(v.options) o WHERE v.product_id = p.id) made
    CROSS JOIN LATERAL (SELECT string_agg(a.title, ' ') AS words FROM category a WHERE a.id = c.id OR starts_with(c.path, a.path || '/')) filed
    WHERE p.id = ANY(ids)
$$;

-- Locked first, in one order: a second transaction waits, and its statement then sees what the first one committed.
CREATE OR REPLACE FUNCTION search_refresh(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO search_entry AS e SELECT * FROM search_entries(ids)
    ON CONFLICT (product_id) DO UPDATE SET heading = EXCLUDED.heading, document = EXCLUDED.document,
        shown = EXCLUDED.shown, publish_at = EXCLUDED.publish_at, rank = EXCLUDED.rank
    WHERE (e.heading, e.document, e.shown, e.publish_at, e.rank)
        IS DISTINCT FROM (EXCLUDED.heading, EXCLUDED.document, EXCLUDED.shown, EXCLUDED.publish_at, EXCLUDED.rank);
    PERFORM search_learn(ids);
END $$;

-- New words only, in order: two imports that bring the same ones never wait for each other in a circle.
CREATE OR REPLACE FUNCTION search_learn(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_word (word)
    SELECT l.lexeme FROM (
        SELECT DISTINCT x.lexeme FROM product p LEFT JOIN maker m ON m.id = p.maker_id LEFT JOIN category c ON c.id = p.category_id
        CROSS JOIN LATERAL unnest(to_tsvector('public.shop_spelling', concat_ws(' ', p.title, m.name, p.keywords, c.title))
            || jsonb_to_tsvector('public.shop_spelling', p.attributes, '["string"]')) x
        WHERE p.id = ANY(ids)
    ) l
    WHERE length(l.lexeme) BETWEEN 3 AND 40 AND l.lexeme ~ '^[[:alpha:]]+$' AND NOT EXISTS (SELECT FROM search_word w WHERE w.word = l.lexeme)
    ORDER BY 1 ON CONFLICT DO NOTHING
$$;
