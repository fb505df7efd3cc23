-- Who wrote a review (none for those from before), whether they had bought it, what the shop answers, what others found.
ALTER TABLE review ADD shopper_id uuid, ADD verified boolean NOT NULL DEFAULT false,
    ADD helpful integer NOT NULL DEFAULT 0, ADD unhelpful integer NOT NULL DEFAULT 0,
    ADD reply text NOT NULL DEFAULT '', ADD reason varchar(200) NOT NULL DEFAULT '',
    ADD moderated_by varchar(120) NOT NULL DEFAULT '', ADD moderated_at timestamptz,
    ADD version integer NOT NULL DEFAULT 1,
    ADD CHECK (helpful >= 0 AND unhelpful >= 0);
CREATE UNIQUE INDEX review_one_each ON review (shopper_id, product_id) WHERE shopper_id IS NOT NULL;
CREATE INDEX review_queue ON review (state, created_at DESC, id DESC);

-- Votes as the shards tell them, each once; a sweep counts those of a moment together, so that many purge a page once.
CREATE TABLE review_vote (
    id uuid PRIMARY KEY,
    review_id uuid NOT NULL  REFERENCES review ON DELETE CASCADE,
    helpful boolean NOT NULL,
    counted boolean NOT NULL DEFAULT false
);
CREATE INDEX review_vote_review_id ON review_vote (review_id);
CREATE INDEX review_vote_open ON review_vote (id) WHERE NOT counted;
