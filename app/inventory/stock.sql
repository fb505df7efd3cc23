-- Stock moves only through these functions; each takes the variant's row lock first, so their order is total.
-- A limit (at most N uses of a code, N per customer) is a row of policy `limit`: counted as stock is, shown nowhere.
-- Reservation states: 0 held (timed), 3 pinned (payment under way, no timer), 1 claimed, 2 released.

-- A UUIDv8 in the bucket of `like_id`, as app/values.py new_id() makes them.
CREATE OR REPLACE FUNCTION new_id_like(like_id uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    ms bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    high bit(64);
    low bit(64);
BEGIN
    high := substring(('x' || left(replace(like_id::text, '-', ''), 4))::bit(16) FOR 10) || (ms >> 10)::bit(38)
        || B'1000' || (ms & 1023)::bit(10) || (random() * 3)::int::bit(2);
    low := B'10' || substring(('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64) FROM 3);
    RETURN (lpad(to_hex(high::bigint), 16, '0') || lpad(to_hex(low::bigint), 16, '0'))::uuid;
END $$;

-- What pages may say of this stock; see README for the words.
CREATE OR REPLACE FUNCTION band_of(s stock) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN s.policy = 'limit' THEN 'out'
        WHEN s.policy = 'preorder' THEN 'later'
        WHEN s.on_hand - s.reserved > s.few_at THEN 'in'
        WHEN s.on_hand - s.reserved > 0 THEN 'few'
        WHEN s.policy = 'made_to_order' THEN 'later'
        ELSE 'out' END
$$;

-- Tells the shared database when, and only when, the band changed; or when its projection (at version `p_told`) is wrong.
CREATE OR REPLACE FUNCTION publish_band(p_variant uuid, p_told bigint DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE s stock;
BEGIN
    UPDATE stock t SET band = band_of(t), band_version = greatest(band_version, p_told) + 1
    WHERE variant_id = p_variant AND (band <> band_of(t) OR p_told IS NOT NULL) RETURNING t.* INTO s;
    IF FOUND THEN
        INSERT INTO outbox (id, kind, body) VALUES (new_id_like(p_variant), 'StockBandChanged', jsonb_build_object(
            'variant_id', p_variant, 'band', s.band, 'back_on', s.back_on, 'version', s.band_version));
    END IF;
END $$;

-- Holds units for orders, first come first served. Verdicts: held | sold_out | released | no_stock (unknown variant).
-- `p_pinned`: what is held is pinned at once, also what was only held before, unless its time is over: that says `released`.
-- Repeating an id repeats its verdict. plpgsql, not one statement: each statement here sees what the lock waited for.
-- With nothing left and nothing to repeat the answer needs no lock and no fsync: those who come too late to a sale
-- don't hold up those who are paying. It was true when the row was read; what is released meanwhile is for the next.
CREATE OR REPLACE FUNCTION reserve_batch(p_variant uuid, p_ids uuid[], p_quantities int[], p_orders uuid[], p_hold interval,
    p_pinned boolean DEFAULT false)
RETURNS TABLE (reservation_id uuid, verdict text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    s stock; taken int := 0; at int; known smallint; good int[] := '{}'; seen uuid[] := '{}'; wanted bigint; single boolean;
BEGIN
    SELECT * INTO s FROM stock WHERE variant_id = p_variant;
    IF s.policy IN ('stock', 'limit') AND s.reserved >= s.on_hand
        AND 0 = (SELECT count(*) FROM reservation r WHERE r.id = ANY(p_ids)) THEN  -- for EXISTS the whole table would be read
        RETURN QUERY SELECT unnest(p_ids), 'sold_out'; RETURN;
    END IF;
    SELECT * INTO s FROM stock WHERE variant_id = p_variant FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT unnest(p_ids), 'no_stock'; RETURN; END IF;
    IF p_pinned THEN
        UPDATE reservation r SET state = 3 WHERE r.id = ANY(p_ids) AND r.state = 0 AND r.expires_at > clock_timestamp();
    END IF;
    SELECT sum(q), count(DISTINCT id) = count(*) INTO wanted, single FROM unnest(p_ids, p_quantities) asked(id, q);
    -- Everybody is new and there is enough for all, as nearly always: nobody needs to be looked at one by one.
    IF single AND (s.policy NOT IN ('stock', 'limit') OR wanted <= s.on_hand - s.reserved)
        AND 0 = (SELECT count(*) FROM reservation r WHERE r.id = ANY(p_ids)) THEN
        taken := wanted; good := ARRAY(SELECT generate_series(1, cardinality(p_ids)));
        RETURN QUERY SELECT unnest(p_ids), 'held';
    ELSE FOR at IN 1 .. cardinality(p_ids) LOOP
        reservation_id := p_ids[at];
        SELECT CASE WHEN r.state = 0 AND p_pinned THEN 2 ELSE r.state END INTO known FROM reservation r WHERE r.id = reservation_id;
        IF FOUND THEN verdict := CASE known WHEN 2 THEN 'released' ELSE 'held' END;
        ELSIF reservation_id = ANY(seen) THEN verdict := 'held';
        ELSIF s.policy NOT IN ('stock', 'limit') OR p_quantities[at] <= s.on_hand - s.reserved - taken THEN
            taken := taken + p_quantities[at]; good := good || at; seen := seen || reservation_id; verdict := 'held';
        ELSE verdict := 'sold_out';
        END IF;
        RETURN NEXT;
    END LOOP; END IF;
    IF taken > 0 THEN
        INSERT INTO reservation (id, variant_id, order_id, quantity, state, expires_at)
        SELECT p_ids[k], p_variant, p_orders[k], p_quantities[k], CASE WHEN p_pinned THEN 3 ELSE 0 END, clock_timestamp() + p_hold
        FROM unnest(good) k;
        UPDATE stock SET reserved = reserved + taken WHERE variant_id = p_variant;
        PERFORM publish_band(p_variant);
    END IF;
END $$;

-- Moves reservations on: 3 pins what is held and not expired, 1 claims what is pinned, 2 releases what is held or pinned.
-- `p_expired_only` releases only held ones whose time is over. Returns every id with the state it is in now.
CREATE OR REPLACE FUNCTION settle_batch(p_variant uuid, p_ids uuid[], p_to smallint, p_expired_only boolean DEFAULT false)
RETURNS TABLE (reservation_id uuid, state smallint) LANGUAGE plpgsql VOLATILE AS $$
DECLARE moved int := 0;
BEGIN
    PERFORM 1 FROM stock WHERE variant_id = p_variant FOR UPDATE;
    WITH changed AS (
        UPDATE reservation r SET state = p_to
        WHERE r.id = ANY(p_ids) AND r.variant_id = p_variant AND CASE p_to
            WHEN 3 THEN r.state = 0 AND r.expires_at > clock_timestamp()
            WHEN 1 THEN r.state = 3
            WHEN 2 THEN (r.state = 0 AND (NOT p_expired_only OR r.expires_at < clock_timestamp()))
                OR (r.state = 3 AND NOT p_expired_only)
            ELSE false END
        RETURNING r.order_id, r.quantity
    ), booked AS (
        INSERT INTO stock_ledger (id, variant_id, delta, reason, reference)
        SELECT new_id_like(p_variant), p_variant, -c.quantity, 'sold', c.order_id::text FROM changed c, stock s
        WHERE p_to = 1 AND s.variant_id = p_variant AND s.policy IN ('stock', 'limit')
    )
    SELECT coalesce(sum(quantity), 0) INTO moved FROM changed;
    IF moved > 0 AND p_to IN (1, 2) THEN
        UPDATE stock SET reserved = reserved - moved,
            on_hand = on_hand - CASE WHEN p_to = 1 AND policy IN ('stock', 'limit') THEN moved ELSE 0 END,
            sold = sold + CASE WHEN p_to = 1 THEN moved ELSE 0 END
        WHERE variant_id = p_variant;
        IF p_to = 2 THEN PERFORM pay_owed(p_variant); END IF;
        PERFORM publish_band(p_variant);
    END IF;
    IF p_to = 2 THEN  -- of a limit that was lowered meanwhile, what comes back is not there to be used again
        PERFORM adjust_stock(p_variant, greatest(most - sold, reserved) - on_hand, 'limit', '') FROM stock
        WHERE variant_id = p_variant AND policy = 'limit' AND on_hand > greatest(most - sold, reserved);
    END IF;
    RETURN QUERY SELECT r.id, r.state FROM reservation r WHERE r.id = ANY(p_ids);
END $$;

-- A use that an order took of a limit can be used again: as if it had never come to the claim. Twice is once.
CREATE OR REPLACE FUNCTION give_back(p_limit uuid, p_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE used int;
BEGIN
    PERFORM 1 FROM stock WHERE variant_id = p_limit AND policy = 'limit' FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE reservation SET state = 3 WHERE id = p_id AND variant_id = p_limit AND state = 1 RETURNING quantity INTO used;
    IF FOUND THEN
        UPDATE stock SET sold = sold - used, reserved = reserved + used, on_hand = on_hand + used WHERE variant_id = p_limit;
        INSERT INTO stock_ledger (id, variant_id, delta, reason) VALUES (new_id_like(p_limit), p_limit, used, 'limit');
    END IF;
    PERFORM settle_batch(p_limit, ARRAY[p_id], 2::smallint);
END $$;

-- Adds `p_delta` units (negative takes away) with a reason. Returns what is on hand, or NULL when that would
-- go below what is reserved or the variant has no stock row; nothing is changed then. `p_entry`: the id of its ledger
-- entry; what was entered already is not added again.
CREATE OR REPLACE FUNCTION adjust_stock(p_variant uuid, p_delta int, p_reason text, p_reference text, p_entry uuid DEFAULT NULL)
RETURNS int LANGUAGE plpgsql VOLATILE AS $$
DECLARE left_over int;
BEGIN
    SELECT on_hand INTO left_over FROM stock WHERE variant_id = p_variant FOR UPDATE;
    IF EXISTS (SELECT FROM stock_ledger WHERE id = p_entry) THEN RETURN left_over; END IF;
    UPDATE stock SET on_hand = on_hand + p_delta
    WHERE variant_id = p_variant AND on_hand + p_delta >= CASE WHEN policy IN ('stock', 'limit') THEN reserved ELSE 0 END
    RETURNING on_hand INTO left_over;
    IF FOUND AND p_delta <> 0 THEN
        INSERT INTO stock_ledger (id, variant_id, delta, reason, reference)
        VALUES (coalesce(p_entry, new_id_like(p_variant)), p_variant, p_delta, p_reason, p_reference);
        IF p_delta > 0 AND pay_owed(p_variant) THEN SELECT on_hand INTO left_over FROM stock WHERE variant_id = p_variant; END IF;
        PERFORM publish_band(p_variant);
    END IF;
    RETURN left_over;
END $$;

-- Units left the shelf unsold: at once in the ledger as far as some are free, the rest owed until there are. `p_entry`: what
-- was taken out already is not taken out again. Nothing happens where stock is not counted.
CREATE OR REPLACE FUNCTION take_out(p_variant uuid, p_quantity int, p_reference text, p_entry uuid)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM 1 FROM stock WHERE variant_id = p_variant AND policy = 'stock' FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM stock_ledger WHERE id = p_entry) THEN RETURN; END IF;
    INSERT INTO stock_owed (id, variant_id, owed, reference) VALUES (p_entry, p_variant, p_quantity, p_reference)
    ON CONFLICT DO NOTHING;
    PERFORM pay_owed(p_variant);
END $$;

-- What is owed is taken from what is free, whoever owes longest first. Whether there was anything to take. Whoever calls
-- this holds the variant's lock and has just freed units: nobody can buy them in between.
CREATE OR REPLACE FUNCTION pay_owed(p_variant uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE debt record; free int;
BEGIN
    IF NOT EXISTS (SELECT FROM stock_owed WHERE variant_id = p_variant AND owed > 0) THEN RETURN false; END IF;
    SELECT on_hand - reserved INTO free FROM stock WHERE variant_id = p_variant AND policy = 'stock';
    IF coalesce(free, 0) <= 0 THEN RETURN false; END IF;
    FOR debt IN SELECT id, least(owed, free - (sum(owed) OVER (ORDER BY at, id) - owed))::int AS units, reference
        FROM stock_owed WHERE variant_id = p_variant AND owed > 0 ORDER BY at, id LOOP
        EXIT WHEN debt.units <= 0;
        UPDATE stock_owed SET owed = owed - debt.units WHERE id = debt.id;
        PERFORM adjust_stock(p_variant, -debt.units, 'exchanged', debt.reference);
    END LOOP;
    RETURN true;
END $$;

-- Somebody counted: this many are on hand, reserved ones included, and the ledger says so from now on. Returns the
-- difference to what was on hand, or NULL (nothing changed) when that is fewer than are reserved or no stock is kept.
CREATE OR REPLACE FUNCTION count_stock(p_variant uuid, p_count int, p_reference text) RETURNS int
LANGUAGE plpgsql VOLATILE AS $$
DECLARE s stock; unbooked int;
BEGIN
    SELECT * INTO s FROM stock WHERE variant_id = p_variant FOR UPDATE;
    IF NOT FOUND OR (s.policy IN ('stock', 'limit') AND p_count < s.reserved) THEN RETURN NULL; END IF;
    SELECT p_count - coalesce(sum(delta), 0) INTO unbooked FROM stock_ledger WHERE variant_id = p_variant;
    IF unbooked <> 0 THEN
        INSERT INTO stock_ledger (id, variant_id, delta, reason, reference)
        VALUES (new_id_like(p_variant), p_variant, unbooked, 'counted', p_reference);
    END IF;
    UPDATE stock SET on_hand = p_count WHERE variant_id = p_variant AND on_hand <> p_count;
    UPDATE stock_owed SET owed = 0 WHERE variant_id = p_variant AND owed > 0;  -- who counts sees what is gone
    PERFORM publish_band(p_variant);
    RETURN p_count - s.on_hand;
END $$;

-- At most `p_most` uses in all, those had already included; what is reserved stays so. Opens the limit when it is new.
-- `p_version`: of what says so; whoever has read an older one changes nothing. Without one the last word counts.
CREATE OR REPLACE FUNCTION set_limit(p_limit uuid, p_most int, p_version int DEFAULT NULL) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE s stock;
BEGIN
    IF EXISTS (SELECT FROM stock WHERE variant_id = p_limit AND CASE WHEN p_version IS NULL THEN most = p_most
        ELSE most_version >= p_version END) THEN RETURN; END IF;
    INSERT INTO stock (variant_id, policy) VALUES (p_limit, 'limit') ON CONFLICT DO NOTHING;
    UPDATE stock SET most = p_most, most_version = coalesce(p_version, most_version)
    WHERE variant_id = p_limit AND (p_version IS NULL OR most_version < p_version) RETURNING * INTO s;
    IF NOT FOUND THEN RETURN; END IF;  -- a newer one came first, while this one waited for the row
    PERFORM adjust_stock(p_limit, greatest(p_most - s.sold, s.reserved) - s.on_hand, 'limit', '');
END $$;

-- Makes the counters say what their reservations say, enters the sales that the ledger lacks if they explain the
-- difference, and tells the band anew (`p_told`: see publish_band). Never makes or loses a unit of what is on hand.
CREATE OR REPLACE FUNCTION mend_stock(p_variant uuid, p_told bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE s stock; held int; claimed int; unbooked int;
BEGIN
    SELECT * INTO s FROM stock WHERE variant_id = p_variant FOR UPDATE;
    SELECT coalesce(sum(quantity) FILTER (WHERE state IN (0, 3)), 0), coalesce(sum(quantity) FILTER (WHERE state = 1), 0)
    INTO held, claimed FROM reservation WHERE variant_id = p_variant;
    UPDATE stock SET reserved = held, sold = claimed WHERE variant_id = p_variant AND (reserved, sold) <> (held, claimed);
    SELECT coalesce(sum(delta), 0) - s.on_hand INTO unbooked FROM stock_ledger WHERE variant_id = p_variant;
    IF unbooked > 0 AND unbooked = (SELECT sum(quantity) FROM unbooked_sales(p_variant)) THEN
        INSERT INTO stock_ledger (id, variant_id, delta, reason, reference)
        SELECT new_id_like(p_variant), p_variant, -u.quantity, 'sold', u.order_id::text FROM unbooked_sales(p_variant) u;
    END IF;
    PERFORM pay_owed(p_variant);
    PERFORM publish_band(p_variant, p_told);
END $$;

-- Sales whose entry the ledger lacks.
CREATE OR REPLACE FUNCTION unbooked_sales(p_variant uuid) RETURNS TABLE (order_id uuid, quantity int) LANGUAGE sql STABLE AS $$
    SELECT r.order_id, r.quantity FROM reservation r WHERE r.variant_id = p_variant AND r.state = 1 AND NOT EXISTS (
        SELECT FROM stock_ledger l WHERE l.variant_id = p_variant AND l.reason = 'sold' AND l.reference = r.order_id::text)
$$;
