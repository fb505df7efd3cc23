-- What each member of staff may do. Whoever is there already has built the shop: they stay owners.
ALTER TABLE staff ADD role varchar(12) NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'merchant', 'orders', 'reader'));
