-- Promotions and the codes that ask for them. How often one was used is counted on the shards (app/inventory/limits.py).
CREATE TABLE promotion (
    id uuid PRIMARY KEY,
    title varchar(80) NOT NULL CHECK (title <> ''),
    state varchar(10) NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'ended')),
    trigger varchar(10) NOT NULL CHECK (trigger IN ('automatic', 'code', 'codes')),
    starts_at timestamptz,
    ends_at timestamptz,
    priority integer NOT NULL DEFAULT 10,
    combines boolean NOT NULL DEFAULT true,
    currency varchar(3) NOT NULL,
    terms jsonb NOT NULL,
    most_uses integer CHECK (most_uses >= 0),
    most_each integer CHECK (most_each >= 0),
    version integer NOT NULL DEFAULT 1,
    changed_by varchar(254) NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at > starts_at)
);

CREATE INDEX promotion_automatic ON promotion (priority) WHERE trigger = 'automatic' AND state = 'active';

CREATE TABLE promotion_code (
    code varchar(40) PRIMARY KEY,
    promotion_id uuid NOT NULL REFERENCES promotion ON DELETE CASCADE,
    batch uuid,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX promotion_code_promotion_id ON promotion_code (promotion_id, code);
