from django.db import migrations, models

import weiyifang.core.facts

MODELS = ("donation", "paymentrequest")


def salt(default: object) -> models.CharField:  # type: ignore[type-arg]  # a migration
    return models.CharField(blank=True, default=default, editable=False, max_length=32)


class Migration(migrations.Migration):
    """What was there before stays without a salt: no fact holds a fingerprint of it."""

    dependencies = [("fund", "0001_initial")]

    operations = [
        *[migrations.AddField(model_name=name, name="salt", field=salt("")) for name in MODELS],
        *[
            migrations.AlterField(model_name=name, name="salt", field=salt(weiyifang.core.facts.new_salt))
            for name in MODELS
        ],
    ]
