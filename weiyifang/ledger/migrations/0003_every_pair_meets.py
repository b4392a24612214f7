"""Every account gets a balance in every pool of its book; postings made them before, when they first needed one."""

from django.db import migrations

MEET = """
INSERT INTO ledger_balance (id, community_id, book_id, account_id, pool_id, debits, credits, held_debits, held_credits,
    side, floored, closed, sealed_through)
SELECT gen_random_uuid(), a.community_id, a.book_id, a.id, p.id, 0, 0, 0, 0, a.side, a.floored, a.closed,
    b.sealed_through
FROM ledger_account a
JOIN ledger_pool p ON p.community_id = a.community_id AND p.book_id = a.book_id
JOIN ledger_book b ON b.community_id = a.community_id AND b.id = a.book_id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_keys_to_balances")]

    operations = [migrations.RunSQL(MEET, migrations.RunSQL.noop)]
