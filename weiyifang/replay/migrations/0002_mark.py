"""A database made before the mark: the demo's when every community in it has a replayed year, otherwise a real one."""

from typing import Any

from django.db import migrations

from weiyifang.core.server.installation import found


def mark(apps: Any, editor: Any) -> None:
    kind = found(editor.connection)
    if kind:
        apps.get_model("core", "Installation").objects.get_or_create(id=1, defaults={"kind": kind, "version": ""})


class Migration(migrations.Migration):
    dependencies = [("replay", "0001_initial"), ("core", "0003_installation")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
