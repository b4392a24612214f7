from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_volunteering"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consenttext",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("register", "keeping me on the community's register"),
                    ("messages", "messages about what I enrolled in"),
                    ("photos", "photographs of me in the community's news"),
                    ("volunteering", "helping as a volunteer"),
                    ("talents", "being found for what I can do"),
                    ("sensitive", "health and identity details, where a service needs them"),
                ],
                max_length=12,
            ),
        ),
    ]
