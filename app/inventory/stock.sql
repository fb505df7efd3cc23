-- Stock moves only through these functions; each takes the variant's row lock first, so their order is total.
-- Reservation states: 0 held (timed), 3 pinned (payment under way, no timer), 1 claimed, 2 released.

-- A UUIDv8 in the bucket of `like_id`, as app/values.py new_id() makes them.
CREATE FUNCTION new_id_like(like_id uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
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
CREATE FUNCTION band_of(s stock) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN s.policy = 'digital' THEN 'in'
        WHEN s.policy = 'preorder' THEN 'later'
        WHEN s.on_hand - s.reserved > s.few_at THEN 'in'
        WHEN s.on_hand - s.reserved > 0 THEN 'few'
        WHEN s.policy = 'made_to_order' THEN 'later'
        ELSE 'out' END
$$;

-- Tells the shared database when, and only when, the band changed.
CREATE FUNCTION publish_band(p_variant uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE s stock;
BEGIN
    UPDATE stock t SET band = band_of(t), band_version = band_version + 1
    WHERE variant_id = p_variant AND band <> band_of(t) RETURNING t.* INTO s;
    IF FOUND THEN
        INSERT INTO outbox (id, kind, body) VALUES (new_id_like(p_variant), 'StockBandChanged', jsonb_build_object(
            'variant_id', p_variant, 'band', s.band, 'back_on', s.back_on, 'version', s.band_version));
    END IF;
END $$;

-- Holds units for orders, first come first served. Verdicts: held | sold_out | released | no_stock (unknown variant).
-- Repeating an id repeats its verdict. plpgsql, not one statement: each statement here sees what the lock waited for.
CREATE FUNCTION reserve_batch(p_variant uuid, p_ids uuid[], p_quantities int[], p_orders uuid[], p_hold interval)
RETURNS TABLE (reservation_id uuid, verdict text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    s stock; taken int := 0; at int; known smallint; good int[] := '{}'; seen uuid[] := '{}';
BEGIN
    SELECT * INTO s FROM stock WHERE variant_id = p_variant FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT unnest(p_ids), 'no_stock'; RETURN; END IF;
    FOR at IN 1 .. cardinality(p_ids) LOOP
        reservation_id := p_ids[at];
        SELECT r.state INTO known FROM reservation r WHERE r.id = reservation_id;
        IF FOUND THEN verdict := CASE known WHEN 2 THEN 'released' ELSE 'held' END;
        ELSIF reservation_id = ANY(seen) THEN verdict := 'held';
        ELSIF s.policy <> 'stock' OR p_quantities[at] <= s.on_hand - s.reserved - taken THEN
            taken := taken + p_quantities[at]; good := good || at; seen := seen || reservation_id; verdict := 'held';
        ELSE verdict := 'sold_out';
        END IF;
        RETURN NEXT;
    END LOOP;
    IF taken > 0 THEN
        INSERT INTO reservation (id, variant_id, order_id, quantity, expires_at)
        SELECT p_ids[k], p_variant, p_orders[k], p_quantities[k], clock_timestamp() + p_hold FROM unnest(good) k;
        UPDATE stock SET reserved = reserved + taken WHERE variant_id = p_variant;
        PERFORM publish_band(p_variant);
    END IF;
END $$;

-- Moves reservations on: 3 pins what is held and not expired, 1 claims what is pinned, 2 releases what is held or pinned.
-- `p_expired_only` releases only held ones whose time is over. Returns every id with the state it is in now.
CREATE FUNCTION settle_batch(p_variant uuid, p_ids uuid[], p_to smallint, p_expired_only boolean DEFAULT false)
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
        WHERE p_to = 1 AND s.variant_id = p_variant AND s.policy = 'stock'
    )
    SELECT coalesce(sum(quantity), 0) INTO moved FROM changed;
    IF moved > 0 AND p_to IN (1, 2) THEN
        UPDATE stock SET reserved = reserved - moved,
            on_hand = on_hand - CASE WHEN p_to = 1 AND policy = 'stock' THEN moved ELSE 0 END,
            sold = sold + CASE WHEN p_to = 1 THEN moved ELSE 0 END
        WHERE variant_id = p_variant;
        PERFORM publish_band(p_variant);
    END IF;
    RETURN QUERY SELECT r.id, r.state FROM reservation r WHERE r.id = ANY(p_ids);
END $$;

-- Adds `p_delta` units (negative takes away) with a reason. Returns what is on hand, or NULL when that would
-- go below what is reserved or the variant has no stock row; nothing is changed then.
CREATE FUNCTION adjust_stock(p_variant uuid, p_delta int, p_reason text, p_reference text) RETURNS int
LANGUAGE plpgsql VOLATILE AS $$
DECLARE left_over int;
BEGIN
    UPDATE stock SET on_hand = on_hand + p_delta
    WHERE variant_id = p_variant AND on_hand + p_delta >= CASE policy WHEN 'stock' THEN reserved ELSE 0 END
    RETURNING on_hand INTO left_over;
    IF FOUND AND p_delta <> 0 THEN
        INSERT INTO stock_ledger (id, variant_id, delta, reason, reference)
        VALUES (new_id_like(p_variant), p_variant, p_delta, p_reason, p_reference);
        PERFORM publish_band(p_variant);
    END IF;
    RETURN left_over;
END $$;
