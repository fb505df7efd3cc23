-- What is there already; and staff's changes of synonyms are noted, so that kept answers of search go at once.
SELECT search_refresh(array_agg(id)) FROM product HAVING count(*) > 0;
SELECT watch('synonym', 'id', '{}');
ANALYZE search_entry, search_word;
