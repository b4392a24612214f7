"""What stands for a month's rows in its root is written down; of the months that are sealed already as it was made then."""

from django.db import migrations, models

AS_IT_WAS = """
UPDATE ledger_period p SET rows_hash = (
    SELECT encode(sha256(convert_to(coalesce(string_agg(s.hash, '' ORDER BY s.seal_no), ''), 'UTF8')), 'hex')
    FROM ledger_seal s
    JOIN ledger_transfer t ON t.community_id = s.community_id AND t.id = s.transfer_id
    WHERE s.community_id = p.community_id AND s.book_id = p.book_id
        AND t.effective_on >= p.month AND t.effective_on < p.month + interval '1 month'
)
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_no_names")]

    operations = [
        migrations.AddField("period", "rows_hash", models.CharField(max_length=90, default=""), preserve_default=False),
        migrations.RunSQL(AS_IT_WAS, migrations.RunSQL.noop),
    ]
