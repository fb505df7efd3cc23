-- What an edit changed, as [field, before, after], and all edits by time.
ALTER TABLE edit ADD changes jsonb NOT NULL DEFAULT '[]';
CREATE INDEX edit_at ON edit (at DESC, id DESC);
CREATE INDEX edit_by ON edit (by, at DESC, id DESC);
