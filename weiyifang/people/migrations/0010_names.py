from django.db import migrations

from weiyifang.core.text import person_name

# Names that are not of Chinese characters alone: only they may be written in several ways.
ODD = "[^一-鿿]"


def in_one_form(apps, schema_editor):
    """Write every name as it is written now: the same dot in the middle, no padding, no radicals for characters."""
    for model in ("Resident", "Account"):
        rows = apps.get_model("people", model)._base_manager
        for pk, name in rows.filter(name__regex=ODD).values_list("pk", "name").iterator():
            clean = person_name(name)[:40].rstrip()
            if clean and clean != name:
                rows.filter(pk=pk).update(name=clean)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_one_length")]

    operations = [migrations.RunPython(in_one_form, migrations.RunPython.noop)]
