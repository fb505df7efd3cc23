-- The shared database: catalogue, content, staff, and projections of what happens on the shards.
-- Money is in minor units, times are timestamptz, ids are UUIDv8 minted by the app (app/values.py).

CREATE TABLE maker (
    id uuid PRIMARY KEY,
    slug varchar(80) UNIQUE NOT NULL,
    name varchar(120) NOT NULL DEFAULT '',
    place varchar(120) NOT NULL,
    story text NOT NULL DEFAULT ''
);

CREATE TABLE category (
    id uuid PRIMARY KEY,
    parent_id uuid  REFERENCES category,
    path varchar(200) UNIQUE NOT NULL,
    title varchar(120) NOT NULL,
    summary text NOT NULL DEFAULT '',
    position integer NOT NULL DEFAULT 0
);

CREATE TABLE product_type (
    id uuid PRIMARY KEY,
    code varchar(60) UNIQUE NOT NULL,
    title varchar(120) NOT NULL,
    attributes jsonb NOT NULL DEFAULT '[]'
);

CREATE TABLE product (
    id uuid PRIMARY KEY,
    slug varchar(120) UNIQUE NOT NULL,
    title varchar(160) NOT NULL,
    subtitle varchar(240) NOT NULL,
    description text NOT NULL,
    type_id uuid NOT NULL  REFERENCES product_type,
    maker_id uuid NOT NULL  REFERENCES maker,
    category_id uuid NOT NULL  REFERENCES category,
    status varchar(20) NOT NULL DEFAULT 'draft',
    publish_at timestamptz,
    attributes jsonb NOT NULL DEFAULT '{}',
    keywords text NOT NULL DEFAULT '',
    rank integer NOT NULL DEFAULT 0,
    price_from bigint,
    price_to bigint,
    was_from bigint,
    currency varchar(3) NOT NULL DEFAULT 'GBP',
    band varchar(10) NOT NULL DEFAULT 'out',
    picture_hash varchar(64),
    rating_sum integer NOT NULL DEFAULT 0,
    rating_count integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (status IN ('draft', 'published', 'archived')),
    CHECK (band IN ('in', 'few', 'out', 'later'))
);

CREATE TABLE variant (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    sku varchar(80) UNIQUE NOT NULL,
    title varchar(160) NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    position integer NOT NULL DEFAULT 0,
    published boolean NOT NULL DEFAULT true,
    policy varchar(20) NOT NULL DEFAULT 'stock',
    lead_days integer NOT NULL DEFAULT 0,
    back_on date,
    CHECK (policy IN ('stock', 'made_to_order', 'preorder', 'digital'))
);

CREATE TABLE price (
    id uuid PRIMARY KEY,
    variant_id uuid NOT NULL  REFERENCES variant ON DELETE CASCADE,
    market varchar(8) NOT NULL,
    currency varchar(3) NOT NULL,
    amount bigint NOT NULL,
    was bigint,
    min_quantity integer NOT NULL DEFAULT 1,
    UNIQUE (variant_id, market, min_quantity),
    CHECK (amount >= 0 AND min_quantity >= 1 AND (was IS NULL OR was > amount))
);

CREATE TABLE picture (
    hash varchar(64) PRIMARY KEY,
    family varchar(40) NOT NULL,
    params jsonb NOT NULL DEFAULT '{}',
    view varchar(20) NOT NULL,
    alt varchar(300) NOT NULL,
    width integer NOT NULL DEFAULT 800,
    height integer NOT NULL DEFAULT 1000
);

CREATE TABLE product_picture (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    variant_id uuid,
    picture_hash varchar(64) NOT NULL,
    position integer NOT NULL DEFAULT 0
);

CREATE TABLE collection (
    id uuid PRIMARY KEY,
    slug varchar(80) UNIQUE NOT NULL,
    title varchar(120) NOT NULL,
    summary text NOT NULL DEFAULT '',
    kind varchar(10) NOT NULL,
    rule jsonb NOT NULL DEFAULT '{}',
    position integer NOT NULL DEFAULT 0,
    CHECK (kind IN ('rule', 'manual'))
);

CREATE TABLE collection_product (
    id uuid PRIMARY KEY,
    collection_id uuid NOT NULL  REFERENCES collection ON DELETE CASCADE,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    position integer NOT NULL DEFAULT 0
);

CREATE TABLE redirect (
    id uuid PRIMARY KEY,
    old_path varchar(300) UNIQUE NOT NULL,
    new_path varchar(300) NOT NULL
);

CREATE TABLE block (
    id uuid PRIMARY KEY,
    page varchar(60) NOT NULL,
    position integer NOT NULL DEFAULT 0,
    kind varchar(20) NOT NULL,
    body jsonb NOT NULL DEFAULT '{}',
    published boolean NOT NULL DEFAULT true
);

CREATE TABLE review (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    author varchar(80) NOT NULL,
    rating integer NOT NULL,
    title varchar(160) NOT NULL,
    body text NOT NULL,
    state varchar(10) NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (rating BETWEEN 1 AND 5),
    CHECK (state IN ('pending', 'approved', 'rejected'))
);

CREATE TABLE shipping_method (
    id uuid PRIMARY KEY,
    code varchar(40) UNIQUE NOT NULL,
    title varchar(80) NOT NULL,
    promise varchar(160) NOT NULL,
    price bigint NOT NULL,
    free_from bigint,
    currency varchar(3) NOT NULL DEFAULT 'GBP',
    position integer NOT NULL DEFAULT 0,
    published boolean NOT NULL DEFAULT true
);

CREATE TABLE stock_band (
    variant_id uuid PRIMARY KEY,
    band varchar(10) NOT NULL,
    back_on date,
    version bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (band IN ('in', 'few', 'out', 'later'))
);

CREATE TABLE order_index (
    order_id uuid PRIMARY KEY,
    number varchar(8) UNIQUE NOT NULL,
    email varchar(254) NOT NULL,
    name varchar(120) NOT NULL,
    total bigint NOT NULL,
    currency varchar(3) NOT NULL,
    status varchar(20) NOT NULL,
    payment_status varchar(20) NOT NULL,
    fulfilment_status varchar(20) NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 0
);

CREATE TABLE staff (
    id uuid PRIMARY KEY,
    email varchar(254) UNIQUE NOT NULL,
    name varchar(120) NOT NULL,
    password_hash varchar(200) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE staff_session (
    id uuid PRIMARY KEY,
    token_hash bytea UNIQUE NOT NULL,
    staff_id uuid NOT NULL  REFERENCES staff ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE TABLE test_payment (
    id uuid PRIMARY KEY,
    attempt_id uuid UNIQUE NOT NULL,
    amount bigint NOT NULL,
    currency varchar(3) NOT NULL,
    return_url text NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'open',
    events jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now()
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

CREATE INDEX category_parent_id ON category (parent_id);
CREATE INDEX product_type_id ON product (type_id);
CREATE INDEX product_maker_id ON product (maker_id);
CREATE INDEX product_category_id ON product (category_id);
CREATE INDEX variant_product_id ON variant (product_id);
CREATE INDEX price_variant_id ON price (variant_id);
CREATE INDEX product_picture_product_id ON product_picture (product_id);
CREATE INDEX collection_product_collection_id ON collection_product (collection_id);
CREATE INDEX collection_product_product_id ON collection_product (product_id);
CREATE INDEX block_page ON block (page);
CREATE INDEX review_product_id ON review (product_id);
CREATE INDEX staff_session_staff_id ON staff_session (staff_id);
