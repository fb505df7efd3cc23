-- What the daily look at all promises and at the provider's books has found; one without an end runs, or its process died.
CREATE TABLE checkup (
    id uuid PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    found jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX checkup_began ON checkup (began_at);
