-- An address that was public leads to the new one for good, whoever changed it: the app, psql or an import.
-- No chains and no circles: what led to the old address leads to the new one, and the new one leads nowhere.
-- TG_ARGV: what stands before the address, and the column that holds it. Nobody has seen the address of a draft.
CREATE OR REPLACE FUNCTION keep_old_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was text; becomes text;
BEGIN
    FOR was, becomes IN
        SELECT TG_ARGV[0] || (o->>TG_ARGV[1]), TG_ARGV[0] || (n->>TG_ARGV[1])
        FROM (SELECT id, to_jsonb(s) AS o FROM stale s) before JOIN (SELECT id, to_jsonb(f) AS n FROM fresh f) after USING (id)
        WHERE o->TG_ARGV[1] <> n->TG_ARGV[1] AND coalesce(o->>'status', '') <> 'draft'
    LOOP
        UPDATE redirect SET new_path = becomes WHERE new_path = was;
        DELETE FROM redirect WHERE old_path = becomes;
        INSERT INTO redirect (id, old_path, new_path) VALUES (gen_random_uuid(), was, becomes)
        ON CONFLICT (old_path) DO UPDATE SET new_path = EXCLUDED.new_path;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON product REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/p/', 'slug');
CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON category REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/c/', 'path');
CREATE OR REPLACE TRIGGER keep_old_addresses AFTER UPDATE ON collection REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_old_addresses('/c/', 'slug');
