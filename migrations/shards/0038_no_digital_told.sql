-- Pages hear of it.
SELECT publish_band(variant_id) FROM stock WHERE band <> band_of(stock);
