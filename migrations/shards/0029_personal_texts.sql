-- A shopper's own text on a thing, '' for none: the same variant with another text is another line, of a cart, of what
-- is kept beside it, and of an order, where text and label are frozen. Stock knows variants only.
ALTER TABLE cart_line ADD COLUMN personal_text varchar(240) NOT NULL DEFAULT '';
ALTER TABLE list_item ADD COLUMN personal_text varchar(240) NOT NULL DEFAULT '';
ALTER TABLE order_line ADD COLUMN personal_text varchar(240) NOT NULL DEFAULT '',
    ADD COLUMN personal_label varchar(80) NOT NULL DEFAULT '';
-- Code of before names the old keys, so a process that still runs it can't put anything in a cart until it is replaced:
-- with the old keys in place there could be no second text.
ALTER TABLE cart_line DROP CONSTRAINT cart_line_cart_id_variant_id_key;
CREATE UNIQUE INDEX cart_line_once ON cart_line (cart_id, variant_id, personal_text);
DROP INDEX list_item_once;
CREATE UNIQUE INDEX list_item_once ON list_item (shopper_id, kind, variant_id, personal_text, list_id) NULLS NOT DISTINCT;
-- Whether what comes back arrived faulty: what was made for one shopper comes back only then.
ALTER TABLE order_return ADD COLUMN faulty boolean NOT NULL DEFAULT false;
