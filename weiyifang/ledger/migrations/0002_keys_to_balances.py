import django.db.models.deletion
from django.db import migrations, models

import weiyifang.core.composite


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hold",
            name="ledger_hold_book_fk",
        ),
        migrations.RemoveConstraint(
            model_name="hold",
            name="ledger_hold_debit_fk",
        ),
        migrations.RemoveConstraint(
            model_name="hold",
            name="ledger_hold_credit_fk",
        ),
        migrations.RemoveConstraint(
            model_name="hold",
            name="ledger_hold_pool_fk",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="ledger_transfer_book_fk",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="ledger_transfer_debit_fk",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="ledger_transfer_credit_fk",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="ledger_transfer_pool_fk",
        ),
        migrations.AlterField(
            model_name="hold",
            name="community",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="community",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(
                fields=("community", "book", "account", "pool"), name="ledger_balance_of_movement"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "debit", "pool"),
                name="ledger_hold_debit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "credit", "pool"),
                name="ledger_hold_credit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "debit", "pool"),
                name="ledger_transfer_debit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "credit", "pool"),
                name="ledger_transfer_credit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
    ]
