-- Which price is in force, what it was before, and what products keep of both. Whoever shows or charges a price asks `price_now`.

-- The lowest price of one unit in the 30 days before a moment; NULL where nothing is known of them. A price under a timed
-- one counts, too: that can only make the answer lower.
CREATE OR REPLACE FUNCTION lowest_price(of_variant uuid, in_market text, before timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT min(amount) FROM (
        SELECT amount FROM price_past WHERE variant_id = of_variant AND market = in_market
            AND until_at > before - interval '30 days' AND from_at < before
        UNION ALL
        SELECT amount FROM price WHERE variant_id = of_variant AND market = in_market AND min_quantity = 1 AND since < before
        UNION ALL
        SELECT amount FROM timed_price WHERE variant_id = of_variant AND market = in_market
            AND greatest(starts_at, since) < before AND coalesce(ends_at, 'infinity') > before - interval '30 days') known
$$;

-- `was`: beside a reduced price, the lowest of the 30 days before (`proved`), or what staff say where nothing is known of them.
-- Where it was no higher, nothing is reduced, whatever anybody says. `ends`: when a timed price is over.
CREATE OR REPLACE VIEW price_now AS
SELECT x.variant_id, x.market, x.currency, x.min_quantity, x.amount, x.ends,
    CASE WHEN coalesce(l.lowest, x.claimed) > x.amount THEN coalesce(l.lowest, x.claimed) END AS was,
    l.lowest IS NOT NULL AS proved
FROM (
    SELECT p.variant_id, p.market, p.currency, p.min_quantity, coalesce(t.amount, p.amount) AS amount, t.ends_at AS ends,
        CASE WHEN t.id IS NULL THEN p.was ELSE p.amount END AS claimed,
        coalesce(greatest(t.starts_at, t.since), p.since) AS began
    FROM price p LEFT JOIN timed_price t ON t.variant_id = p.variant_id AND t.market = p.market AND t.currency = p.currency
        AND p.min_quantity = 1 AND t.starts_at <= now() AND (t.ends_at IS NULL OR t.ends_at > now())) x
LEFT JOIN LATERAL (SELECT lowest_price(x.variant_id, x.market, x.began) AS lowest WHERE x.claimed > x.amount) l ON true;

-- When time alone changes a price: the next beginning or end. NULL while none is to come.
CREATE OR REPLACE FUNCTION price_turn(of_variants uuid[]) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(turn) FROM timed_price, LATERAL (VALUES (starts_at), (ends_at)) moments(turn)
    WHERE variant_id = ANY(of_variants) AND turn > now()
$$;

-- Two transactions that change variants of one product see each other's old rows. So the second waits for the lock,
-- and its UPDATE, being a statement of its own, sees what the first committed.
-- NO KEY: a new variant or review holds its product's key shared, and two of them would wait for each other.
CREATE OR REPLACE FUNCTION refresh_products(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE product p SET price_from = x.lowest, price_to = x.highest, was_from = x.was, band = x.band, price_turns = x.turns
    FROM (
        SELECT q.id, min(r.amount) AS lowest, max(r.amount) AS highest,
            (array_agg(r.was ORDER BY r.amount, r.was))[1] AS was,
            coalesce((array_agg(b.band ORDER BY array_position('{in,few,later,out}', b.band::text)))[1], 'out') AS band,
            price_turn(array_agg(v.id)) AS turns
        FROM product q
        LEFT JOIN variant v ON v.product_id = q.id AND v.published
        LEFT JOIN price_now r ON r.variant_id = v.id AND r.currency = q.currency AND r.min_quantity = 1
        LEFT JOIN stock_band b ON b.variant_id = v.id
        WHERE q.id = ANY(ids)
        GROUP BY q.id
    ) x
    WHERE p.id = x.id
        AND (p.price_from, p.price_to, p.was_from, p.band, p.price_turns) IS DISTINCT FROM (x.lowest, x.highest, x.was, x.band, x.turns);
END $$;

-- Products whose moment has come keep what is in force now; what changes by that is noted and purged like every edit.
CREATE OR REPLACE FUNCTION turn_prices() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE due uuid[] := ARRAY(SELECT id FROM product WHERE price_turns <= now() ORDER BY price_turns LIMIT 500);
BEGIN
    PERFORM refresh_products(due) WHERE cardinality(due) > 0;
    RETURN cardinality(due);
END $$;

-- A price that is changed or goes leaves a row of what it was. `since`: from when the new one counts; who says it himself, says it.
CREATE OR REPLACE FUNCTION keep_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.variant_id, OLD.market, OLD.currency, OLD.amount) = (NEW.variant_id, NEW.market, NEW.currency, NEW.amount) THEN
        RETURN NEW;
    END IF;
    INSERT INTO price_past (variant_id, market, amount, from_at, until_at)
    SELECT OLD.variant_id, OLD.market, OLD.amount, OLD.since, now() WHERE OLD.since < now() AND OLD.min_quantity = 1;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.since := CASE WHEN NEW.since = OLD.since THEN now() ELSE NEW.since END;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_timed_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.variant_id, OLD.market, OLD.currency, OLD.amount, OLD.starts_at)
            = (NEW.variant_id, NEW.market, NEW.currency, NEW.amount, NEW.starts_at) THEN
        RETURN NEW;
    END IF;
    INSERT INTO price_past (variant_id, market, amount, from_at, until_at)
    SELECT OLD.variant_id, OLD.market, OLD.amount, held.began, held.ended
    FROM (SELECT greatest(OLD.starts_at, OLD.since) AS began, least(OLD.ends_at, now()) AS ended) held WHERE held.began < held.ended;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.since := CASE WHEN NEW.since = OLD.since THEN now() ELSE NEW.since END;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_price BEFORE UPDATE OR DELETE ON price FOR EACH ROW EXECUTE FUNCTION keep_price();
CREATE OR REPLACE TRIGGER keep_price BEFORE UPDATE OR DELETE ON timed_price FOR EACH ROW EXECUTE FUNCTION keep_timed_price();
CREATE OR REPLACE TRIGGER refresh_truncate AFTER TRUNCATE ON timed_price FOR EACH STATEMENT EXECUTE FUNCTION refresh_all_products();
