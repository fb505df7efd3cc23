-- Nothing is sold that nobody sends: what was digital is not to be had (its variants are not published). The function knows it no more (stock.sql, listed after this).
UPDATE stock SET policy = 'made_to_order' WHERE policy = 'digital';
