"""The register comes and goes in large files: what of it takes long (`core.long_work`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.core import clock, tables
from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments, Came, Kind, Made, Result, Step, along
from weiyifang.core.web.downloads import XLSX
from weiyifang.people import exporting, queries, rules, services
from weiyifang.people.models import ImportDraft, Resident

CSV = "text/csv; charset=utf-8"


def file_name(form: str) -> str:
    """What the register is called as a file."""
    return f"residents-{clock.today():%Y%m%d}.{form}"


def _export(arguments: Arguments, by: Actor, step: Step) -> Result:
    """The register, as far as the search goes; noted like one that is made at once."""
    found, sensitive = queries.find_residents(**arguments["wishes"]), arguments["sensitive"]
    total = services.note_export(residents=found, sensitive=sensitive, by=by)
    head = exporting.head(sensitive=sensitive)
    rows = along(exporting.rows(found, sensitive=sensitive), total, step)
    if arguments["form"] == "csv":
        made = Made(name=file_name("csv"), media_type=CSV, content=b"".join(tables.write_csv(head, rows)))
    else:
        content = tables.write_xlsx(_("Residents"), head, rows, widths=exporting.WIDTHS)
        made = Made(name=file_name("xlsx"), media_type=XLSX, content=content)
    return Result(came={"count": total}, file=made)


def _may_export(actor: Actor, arguments: Arguments) -> bool:
    if arguments.get("sensitive"):
        return rules.can_read_sensitive(actor)
    return rules.can_see_residents(actor)


def _exported(came: Came) -> str:
    words = ngettext("%(n)s person is in the file.", "%(n)s people are in the file.", came["count"])
    return words % {"n": f"{came['count']:,}"}


def _import(arguments: Arguments, by: Actor, step: Step) -> Result:
    """What `workbench_files.preview` does at once with a short file."""
    draft = ImportDraft.objects.filter(pk=arguments["draft"], made_by=by.account_id).first()
    if draft is None:
        raise services.DraftDone()
    done = services.import_draft(draft=draft, also=arguments["also"], by=by, step=step)
    return Result(came=came_of(done))


def came_of(done: services.Imported) -> dict[str, Any]:
    """How many are new and how many there are: nobody takes the one for the other."""
    living = Resident.objects.living_here().count()
    return {"count": done.count, "living": living, "rest": str(done.rest.pk) if done.rest else ""}


def imported(came: Came) -> str:
    """The same in words."""
    words = ngettext(
        "%(count)s person was put on the register. %(living)s are on it now.",
        "%(count)s people were put on the register. %(living)s are on it now.",
        came["count"],
    )
    return words % {"count": f"{came['count']:,}", "living": f"{came['living']:,}"}


def after_import(came: Came) -> str:
    """To what is left to correct, else to the register."""
    return reverse("people:preview", args=[came["rest"]]) if came["rest"] else reverse("people:residents")


KINDS: Mapping[str, Kind] = {
    "residents_export": Kind(
        title=gettext_lazy("Download residents"),
        run=_export,
        may=_may_export,
        words=_exported,
        shows_numbers=lambda arguments: bool(arguments.get("sensitive")),
        names_people=True,
    ),
    "residents_import": Kind(
        title=gettext_lazy("Import residents"),
        run=_import,
        may=lambda actor, _arguments: rules.can_manage_residents(actor),
        words=imported,
        onward=after_import,
    ),
}
