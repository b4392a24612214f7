"""The guard is written as the database writes it now that a gift's giver and receiver may be missing; it says the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0010_saved_time")]

    operations = [
        migrations.RemoveConstraint("timegift", "gift_to_somebody_else"),
        migrations.AddConstraint(
            "timegift",
            models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="gift_to_somebody_else"
            ),
        ),
    ]
