-- One more kind of link: to delete an account.
ALTER TABLE account_token DROP CONSTRAINT account_token_kind_check;
ALTER TABLE account_token ADD CONSTRAINT account_token_kind_check CHECK (kind IN ('join', 'enter', 'reset', 'move', 'erase'));
