SELECT watch('timed_price', 'id', '{variant_id}');
SELECT refresh_on('timed_price', 'refresh_after_variant_part');
