-- An address that was public leads to the new one for good, whoever changed it: the app, psql or an import.
-- No chains and no circles: what led to the old address leads to the new one, and what has a page leads nowhere.
-- TG_ARGV: what stands before the address, and the column that holds it. Nobody has seen the address of a draft.
CREATE OR REPLACE FUNCTION keep_old_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was text[]; becomes text[]; taken text[];
BEGIN
    WITH changed AS (
        SELECT TG_ARGV[0] || (o->>TG_ARGV[1]) AS old_path, TG_ARGV[0] || (n->>TG_ARGV[1]) AS new_path,
            coalesce(o->>'status', '') <> 'draft' AS was_known, coalesce(n->>'status', '') <> 'draft' AS is_known
        FROM (SELECT id, to_jsonb(s) AS o FROM stale s) before JOIN (SELECT id, to_jsonb(f) AS n FROM fresh f) after USING (id)
        WHERE o->TG_ARGV[1] <> n->TG_ARGV[1] OR o->'status' <> n->'status')
    SELECT array_agg(old_path) FILTER (WHERE was_known AND old_path <> new_path),
        array_agg(new_path) FILTER (WHERE was_known AND old_path <> new_path), array_agg(new_path) FILTER (WHERE is_known)
    INTO was, becomes, taken FROM changed;
    IF was IS NOT NULL THEN  -- all at once: one thing may go where another comes from
        UPDATE redirect SET new_path = m.becomes FROM unnest(was, becomes) m(was, becomes) WHERE new_path = m.was;
        INSERT INTO redirect (id, old_path, new_path) SELECT gen_random_uuid(), m.* FROM unnest(was, becomes) m
        ON CONFLICT (old_path) DO UPDATE SET new_path = EXCLUDED.new_path;
    END IF;
    DELETE FROM redirect WHERE old_path = ANY(taken || becomes);
    RETURN NULL;
END $$;

-- What comes to an address has it: when it goes again, nobody is sent where something else once went from there.
CREATE OR REPLACE FUNCTION take_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM redirect WHERE old_path IN (
        SELECT TG_ARGV[0] || (n->>TG_ARGV[1]) FROM (SELECT to_jsonb(f) AS n FROM fresh f) after
        WHERE coalesce(n->>'status', '') <> 'draft');
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON product REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/p/', 'slug');
CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON category REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/c/', 'path');
CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON collection REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/c/', 'slug');

CREATE OR REPLACE TRIGGER take_addresses AFTER INSERT ON product REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION take_addresses('/p/', 'slug');
CREATE OR REPLACE TRIGGER take_addresses AFTER INSERT ON category REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION take_addresses('/c/', 'path');
CREATE OR REPLACE TRIGGER take_addresses AFTER INSERT ON collection REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION take_addresses('/c/', 'slug');
