-- What the edge was told and who confirmed it. A node that is away owes its open deliveries; nobody else waits for it.
CREATE TABLE edge_node (
    url varchar(200) PRIMARY KEY,
    name varchar(100) NOT NULL DEFAULT '',
    boot varchar(40) NOT NULL DEFAULT '',
    state varchar(10) NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'fenced')),
    behind_since timestamptz,
    seen_at timestamptz,
    canary_ms integer,
    canary_at timestamptz
);

CREATE TABLE edge_purge (
    id uuid PRIMARY KEY,
    kind varchar(10) NOT NULL CHECK (kind IN ('change', 'echo', 'hand', 'wave')),
    tags jsonb NOT NULL,
    causes jsonb NOT NULL DEFAULT '[]',
    committed_at timestamptz,
    gate_ms integer NOT NULL DEFAULT 0,
    sent_at timestamptz NOT NULL,
    cleared_at timestamptz
);

CREATE TABLE edge_delivery (
    id uuid PRIMARY KEY,
    purge_id uuid NOT NULL REFERENCES edge_purge (id) ON DELETE CASCADE,
    target varchar(200) NOT NULL,
    due_at timestamptz NOT NULL,
    acked_at timestamptz,
    purged integer,
    attempts integer NOT NULL DEFAULT 0,
    error text,
    UNIQUE (purge_id, target)
);

-- One row whose change is purged like any other: the relay measures by it how long that takes.
CREATE TABLE edge_canary (
    id integer PRIMARY KEY,
    version bigint NOT NULL
);
INSERT INTO edge_canary VALUES (1, 0);
SELECT watch('edge_canary', 'id', '{}');

CREATE INDEX edge_purge_sent ON edge_purge (sent_at);
CREATE INDEX edge_delivery_open ON edge_delivery (target, due_at) WHERE acked_at IS NULL;
