-- The newest reviews of a product, and how many have how many stars, from the index alone.
CREATE INDEX review_newest ON review (product_id, created_at DESC, id) INCLUDE (rating) WHERE state = 'approved';
