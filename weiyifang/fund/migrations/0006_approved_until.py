"""An approval keeps the time it was given with; so far that was ninety days."""

from django.db import migrations, models

AS_IT_WAS = """
UPDATE fund_paymentrequest SET approved_until = approved_at + interval '90 days' WHERE approved_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("fund", "0005_files_of_payments")]

    operations = [
        migrations.AddField(
            model_name="paymentrequest",
            name="approved_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(AS_IT_WAS, migrations.RunSQL.noop),
    ]
