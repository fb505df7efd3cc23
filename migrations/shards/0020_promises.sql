-- What was said when it was ordered, kept as it was said: how a thing is sold, and on which days all of it arrives.
ALTER TABLE order_line ADD promise varchar(160) NOT NULL DEFAULT '';
ALTER TABLE orders ADD arrives_first date, ADD arrives_last date;
