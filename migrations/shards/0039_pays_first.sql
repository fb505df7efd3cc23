-- An order with something that can't leave while money stays set aside is paid when it is placed.
ALTER TABLE orders ADD COLUMN pays_first boolean NOT NULL DEFAULT false;
