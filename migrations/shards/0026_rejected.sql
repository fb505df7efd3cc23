-- Those that still say whose they were: staff's list never had them, so they are found here.
CREATE INDEX orders_rejected ON orders (created_at) WHERE status = 'rejected' AND email <> '';
