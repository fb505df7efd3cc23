-- A block that is not shown spoils no page: its notes say whether it is.
DROP TRIGGER note_insert ON block;
DROP TRIGGER note_update ON block;
DROP TRIGGER note_delete ON block;
DROP TRIGGER note_truncate ON block;
SELECT watch('block', 'id', '{page,published}');
