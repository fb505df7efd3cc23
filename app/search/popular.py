"""What is asked often, of what may be shown to others: nothing here can be anybody's own.

A question is shown only if every word of it is a word of the catalogue (so no name, number or address of a person can be
one of them, unless the shop itself says it), it was asked on DAYS different days, OFTEN times in all, and finds something.
Who asked is known nowhere, so days stand for visitors.
"""

from __future__ import annotations

DAYS = 3
OFTEN = 5
LATELY = 30  # days that count

# $2: how the question begins. The words themselves are no suggestion.
POPULAR = f"""
    SELECT 'query', s.query, s.query, '' FROM (
        SELECT query, sum(asked) AS asked FROM search_day
        WHERE starts_with(query, $2) AND query <> $2 AND day > current_date - {LATELY}
        GROUP BY query HAVING count(*) >= {DAYS} AND sum(asked) >= {OFTEN} AND (array_agg(found ORDER BY day DESC))[1] > 0
        ORDER BY 2 DESC LIMIT 20
    ) s WHERE NOT EXISTS (SELECT FROM regexp_split_to_table(s.query, '\\W+') w
        WHERE w <> '' AND NOT EXISTS (SELECT FROM search_word k WHERE k.word = w))
    ORDER BY s.asked DESC, s.query LIMIT 2
"""  # noqa: S608 - constants
