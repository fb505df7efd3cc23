-- One shard: everything a shopper owns, and stock by variant. Run once in each shard's schema.
-- No sequence, trigger, enum or foreign key between shoppers and stock: a shard must be movable (README).

CREATE TABLE shopper (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE session (
    id uuid PRIMARY KEY,
    token_hash bytea UNIQUE NOT NULL,
    shopper_id uuid NOT NULL  REFERENCES shopper ON DELETE CASCADE,
    pv varchar(22) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE TABLE cart (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    status varchar(12) NOT NULL DEFAULT 'active',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (status IN ('active', 'completed'))
) WITH (fillfactor = 80);

CREATE TABLE cart_line (
    id uuid PRIMARY KEY,
    cart_id uuid NOT NULL  REFERENCES cart ON DELETE CASCADE,
    shopper_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    quantity integer NOT NULL,
    seen_price bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (cart_id, variant_id),
    CHECK (quantity BETWEEN 1 AND 99)
);

CREATE TABLE checkout (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL,
    cart_id uuid UNIQUE NOT NULL  REFERENCES cart,
    email varchar(254) NOT NULL DEFAULT '',
    name varchar(120) NOT NULL DEFAULT '',
    address jsonb NOT NULL DEFAULT '{}',
    shipping_code varchar(40) NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    number varchar(8) UNIQUE NOT NULL,
    shopper_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    cart_version integer NOT NULL,
    email varchar(254) NOT NULL,
    name varchar(120) NOT NULL,
    address jsonb NOT NULL DEFAULT '{}',
    shipping_code varchar(40) NOT NULL,
    shipping_title varchar(80) NOT NULL,
    note text NOT NULL DEFAULT '',
    subtotal bigint NOT NULL,
    shipping bigint NOT NULL,
    discount bigint NOT NULL DEFAULT 0,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    currency varchar(3) NOT NULL,
    quote_hash varchar(64) NOT NULL,
    status varchar(20) NOT NULL,
    payment_status varchar(20) NOT NULL,
    fulfilment_status varchar(20) NOT NULL,
    reason varchar(40) NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    placed_at timestamptz,
    CHECK (status IN ('placing', 'awaiting_payment', 'placed', 'closed', 'rejected', 'cancelled')),
    CHECK (total = subtotal - discount + shipping AND total >= 0)
) WITH (fillfactor = 80);

CREATE TABLE order_line (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    variant_id uuid NOT NULL,
    reservation_id uuid NOT NULL,
    sku varchar(80) NOT NULL,
    title varchar(160) NOT NULL,
    variant_title varchar(160) NOT NULL,
    url varchar(300) NOT NULL,
    picture_hash varchar(64),
    unit_price bigint NOT NULL,
    quantity integer NOT NULL,
    line_discount bigint NOT NULL DEFAULT 0,
    line_tax bigint NOT NULL,
    line_total bigint NOT NULL,
    CHECK (quantity > 0 AND line_total = unit_price * quantity - line_discount)
);

CREATE TABLE order_event (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    kind varchar(40) NOT NULL,
    note text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE payment_attempt (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    number integer NOT NULL,
    status varchar(20) NOT NULL,
    amount bigint NOT NULL,
    currency varchar(3) NOT NULL,
    provider varchar(20) NOT NULL,
    reference varchar(120) NOT NULL DEFAULT '',
    redirect_url text NOT NULL DEFAULT '',
    until timestamptz,
    sent_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (status IN ('created', 'sending', 'requires_action', 'authorised', 'declined', 'expired', 'unknown', 'captured', 'voided'))
);

CREATE TABLE stock (
    variant_id uuid PRIMARY KEY,
    on_hand integer NOT NULL DEFAULT 0,
    reserved integer NOT NULL DEFAULT 0,
    sold integer NOT NULL DEFAULT 0,
    policy varchar(20) NOT NULL DEFAULT 'stock',
    few_at integer NOT NULL DEFAULT 3,
    lead_days integer NOT NULL DEFAULT 0,
    back_on date,
    band varchar(10) NOT NULL DEFAULT 'out',
    band_version bigint NOT NULL DEFAULT 0,
    CHECK (on_hand >= 0 AND reserved >= 0 AND sold >= 0),
    CHECK (policy <> 'stock' OR reserved <= on_hand),
    CHECK (band IN ('in', 'few', 'out', 'later'))
) WITH (fillfactor = 50);

CREATE TABLE reservation (
    id uuid PRIMARY KEY,
    variant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    quantity integer NOT NULL,
    state smallint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    UNIQUE (order_id, variant_id),
    CHECK (quantity > 0),
    CHECK (state BETWEEN 0 AND 3)
);

CREATE TABLE stock_ledger (
    id uuid PRIMARY KEY,
    variant_id uuid NOT NULL,
    delta integer NOT NULL,
    reason varchar(40) NOT NULL DEFAULT '',
    reference varchar(80) NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inbox (
    message_id varchar(200) PRIMARY KEY,
    bucket integer NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    kind varchar(60) NOT NULL,
    body jsonb NOT NULL DEFAULT '{}',
    available_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    dispatched_at timestamptz,
    done_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    error text
);

CREATE INDEX session_shopper_id ON session (shopper_id);
CREATE INDEX cart_shopper_id ON cart (shopper_id);
CREATE INDEX cart_line_shopper_id ON cart_line (shopper_id);
CREATE INDEX checkout_shopper_id ON checkout (shopper_id);
CREATE INDEX orders_shopper_id ON orders (shopper_id);
CREATE INDEX order_line_order_id ON order_line (order_id);
CREATE INDEX order_event_order_id ON order_event (order_id);
CREATE INDEX payment_attempt_order_id ON payment_attempt (order_id);
CREATE INDEX stock_ledger_variant_id ON stock_ledger (variant_id);
