-- A customer's right to one of a product: unlike a promotion's use it comes back when the placed order is cancelled.
ALTER TABLE order_use ADD COLUMN one_each boolean NOT NULL DEFAULT false;
