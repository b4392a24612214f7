"""django-hordak 2.0.0, run by a Python of its own (see the package's docstring)."""

import json
import os
import random
import sys
import time

import django
from django.conf import settings

HOT, OTHERS = "bank", 1_000  # the hot account is as a fund's bank account, the others as people's

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["PEER_DATABASE"])}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    SECRET_KEY="bench",  # noqa: S106 - it signs nothing
    USE_TZ=True,
    DEFAULT_CURRENCY="CNY",
    CURRENCIES=["CNY"],
)
django.setup()

from django.core.management import call_command  # noqa: E402  after the settings
from django.db import connection  # noqa: E402  after the settings
from hordak.models import Account  # noqa: E402  after the settings
from moneyed import Money  # noqa: E402  after the settings

call_command("migrate", verbosity=0)
if not Account.objects.exists():
    with Account.objects.delay_mptt_updates():
        Account.objects.create(name=HOT, code="0", type="AS", currencies=["CNY"])
        for number in range(1, OTHERS + 1):
            Account.objects.create(name=f"other {number}", code=str(number), type="IN", currencies=["CNY"])
hot = Account.objects.get(name=HOT)
others = list(Account.objects.exclude(name=HOT).order_by("id"))
amount = Money(5, "CNY")

GROW = """
    WITH new AS (
        INSERT INTO hordak_transaction (uuid, timestamp, date, description)
        SELECT gen_random_uuid(), now(), current_date, '' FROM generate_series(1, %(count)s) RETURNING id
    )
    INSERT INTO hordak_leg (uuid, transaction_id, account_id, debit, credit, currency, description)
    SELECT gen_random_uuid(), id, %(hot)s, 5, NULL, 'CNY', '' FROM new
    UNION ALL SELECT gen_random_uuid(), id, (%(others)s::bigint[])[1 + id %% %(many)s], NULL, 5, 'CNY', '' FROM new
"""


def post(count: int) -> None:
    """Transfers to the hot account, one by one."""
    for number in range(count):
        others[number % OTHERS].transfer_to(hot, amount)


def spread(count: int) -> None:
    """Transfers between two of the others, one by one."""
    for _transfer in range(count):
        credit, debit = random.sample(others, 2)
        credit.transfer_to(debit, amount)


def grow(count: int) -> None:
    """Bring the book to so many transfers, past its triggers (only to have them there)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hordak_transaction")
        missing = count - cursor.fetchone()[0]
        cursor.execute("SET session_replication_role = replica")
        ids = [other.pk for other in others]
        cursor.execute(GROW, {"count": missing, "hot": hot.pk, "others": ids, "many": OTHERS})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE hordak_leg")
        cursor.execute("VACUUM ANALYZE hordak_transaction")


def balance(count: int) -> None:
    """The balance of the hot account, so many times."""
    for _time in range(count):
        hot.get_balance()


for line in sys.stdin:
    verb, number = line.split()
    began = time.perf_counter()
    {"post": post, "spread": spread, "grow": grow, "balance": balance}[verb](int(number))
    print((time.perf_counter() - began) * 1000, flush=True)
