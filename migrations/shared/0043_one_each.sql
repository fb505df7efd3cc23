-- A drop: of this product each customer may buy one, whichever of its variants.
ALTER TABLE product ADD COLUMN one_each boolean NOT NULL DEFAULT false;
