-- Orders by their whole address: what somebody who has proved that it is theirs may read.
CREATE INDEX order_index_email ON order_index (lower(email));
