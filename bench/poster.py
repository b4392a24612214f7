"""A process of its own that posts between a thousand accounts: what `bench.ledger` runs four of, beside four of hordak.

It reads one command a line, as a peer does (`bench.peers`): `post 100` through the services, `plain 100` by plain SQL
on the bare tables.
"""

from __future__ import annotations

import random
import sys
import time

import django

ACCOUNTS = 1_000
BARE = """
    WITH posted AS (
        INSERT INTO bare_transfer VALUES (%(id)s, %(debit)s, %(credit)s, %(pool)s, 5, %(source)s, %(day)s, now())
    ), taken AS (
        UPDATE bare_balance SET debits = debits + 5 WHERE account = %(debit)s AND pool = %(pool)s
    )
    UPDATE bare_balance SET credits = credits + 5 WHERE account = %(credit)s AND pool = %(pool)s
"""


def main() -> None:
    """`python -m bench.poster COMMUNITY CODE_OF_THE_BOOK`, with the database in DATABASE_URL."""
    django.setup()

    import psycopg
    from django.conf import settings

    from weiyifang.core import clock
    from weiyifang.core.actors import system
    from weiyifang.core.ids import new_id
    from weiyifang.core.tenancy import in_community
    from weiyifang.ledger import services
    from weiyifang.ledger.models import Account, Pool

    number, code = sys.argv[1:]
    with in_community(int(number)):
        today, by = clock.today(), system()
        accounts = list(Account.objects.filter(book__code=code).order_by("code"))
        pool = Pool.objects.get(book__code=code)
        with psycopg.connect(settings.DATABASE_URL, autocommit=True, prepare_threshold=0) as plain:
            for line in sys.stdin:
                verb, count = line.split()
                began = time.perf_counter()
                for _posting in range(int(count)):
                    # a CTE cannot lock in order: plain SQL always goes from a lower account to a higher one
                    places = sorted(random.sample(range(ACCOUNTS), 2))
                    debit, credit = (accounts[place] for place in places)
                    source = f"bench.minutes:{new_id()}"
                    if verb == "post":
                        services.post(
                            debit=debit, credit=credit, pool=pool, amount=5, source=source, effective_on=today, by=by
                        )
                    else:
                        values = {"id": new_id(), "debit": debit.pk, "credit": credit.pk, "pool": pool.pk}
                        plain.execute(BARE, values | {"source": source, "day": today})
                print((time.perf_counter() - began) * 1000, flush=True)


if __name__ == "__main__":
    main()
