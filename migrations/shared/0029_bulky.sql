-- What does not fit a parcel: a way to deliver carries it for `bulky_extra` more an order, or, without one, not at all.
ALTER TABLE product ADD COLUMN shipping_class varchar(10) NOT NULL DEFAULT 'parcel' CHECK (shipping_class IN ('parcel', 'bulky'));
ALTER TABLE shipping_method ADD COLUMN bulky_extra bigint CHECK (bulky_extra >= 0);
