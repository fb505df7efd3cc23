-- What an order reserves is pinned at once: app/inventory/stock.sql has the new one.
DROP FUNCTION IF EXISTS reserve_batch(uuid, uuid[], int[], uuid[], interval);
