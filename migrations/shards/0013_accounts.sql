-- Accounts live in the shard of their e-mail address, what their shopper owns in the shopper's: they name each other by id.
ALTER TABLE shopper ADD COLUMN account_id uuid, ADD COLUMN erased_at timestamptz;
ALTER TABLE session ADD COLUMN signed_in boolean NOT NULL DEFAULT false, ADD COLUMN agent varchar(80) NOT NULL DEFAULT '';
ALTER TABLE cart DROP CONSTRAINT cart_status_check;
ALTER TABLE cart ADD CONSTRAINT cart_status_check CHECK (status IN ('active', 'completed', 'merged'));

CREATE INDEX session_expires_at ON session (expires_at);

CREATE TABLE account (
    id uuid PRIMARY KEY,
    email varchar(254) UNIQUE NOT NULL,
    name varchar(120) NOT NULL,
    password_hash varchar(200) NOT NULL,
    shopper_id uuid NOT NULL,
    verified_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    note text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE account_token (
    id uuid PRIMARY KEY,
    kind varchar(10) NOT NULL,
    token_hash bytea UNIQUE NOT NULL,
    email varchar(254) NOT NULL,
    name varchar(120) NOT NULL DEFAULT '',
    password_hash varchar(200) NOT NULL DEFAULT '',
    account_id uuid NOT NULL,
    shopper_id uuid,
    next_path varchar(300) NOT NULL DEFAULT '',
    tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CHECK (kind IN ('join', 'enter', 'reset', 'move'))
);

CREATE INDEX account_token_expires_at ON account_token (expires_at);

CREATE TABLE address (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    name varchar(120) NOT NULL,
    line1 varchar(120) NOT NULL,
    line2 varchar(120) NOT NULL DEFAULT '',
    city varchar(80) NOT NULL,
    postcode varchar(16) NOT NULL,
    country varchar(2) NOT NULL,
    phone varchar(40) NOT NULL DEFAULT '',
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE UNIQUE INDEX address_same ON address (shopper_id, name, line1, line2, city, postcode, country);
CREATE UNIQUE INDEX address_one_default ON address (shopper_id) WHERE is_default;

CREATE TABLE visitor_try (
    name varchar(64) PRIMARY KEY,
    bucket integer NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX visitor_try_since ON visitor_try (since);

CREATE TABLE order_known (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    order_id uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    UNIQUE (shopper_id, order_id)
);
