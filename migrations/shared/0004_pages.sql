-- What kept pages need: who shows a picture, and what comes on sale next.
CREATE INDEX product_picture_picture_hash ON product_picture (picture_hash);
CREATE INDEX product_publish_at ON product (publish_at) WHERE status = 'published' AND publish_at IS NOT NULL;

-- The builds whose web instances are alive, and every static file that a kept page may still name.
CREATE TABLE build (
    fingerprint varchar(64) PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE asset (
    url varchar(200) PRIMARY KEY,
    content_type varchar(60) NOT NULL,
    body bytea NOT NULL,
    packed bytea,
    seen_at timestamptz NOT NULL DEFAULT now()
);
