"""The papers of rows on the stage: who acts for whom, a gift, a statement of the bank, an organization's documents."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.files import services as files
from weiyifang.files.tests import make
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.tests.make import a_resident

PAGE = "workbench/papers/<kind>/<pk>/"


def papers_of_rows(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    ward, mother = a_resident("小周", born_on=date(2016, 5, 4)), a_resident("周妈妈", born_on=date(1985, 1, 2))
    said = fund.state_balance(method="cash", stated_on=clock.today(), stated_fen=0, by=cast["accountant"])
    of = {
        "": (people.relate(resident=ward, helper=mother, kind="guardian", by=cast["staff"]), "staff", "proof"),
        " @gift": (money.gift(cast["accountant"], 20_000), "accountant", "slip"),
        " @statement": (said, "accountant", "statement"),
        " @own": (led, "leader", "statutes"),
    }
    for number, (variant, (row, by, what)) in enumerate(of.items(), 1):
        photo = make.picture(seed=number)
        about = "documents" if row == led else ""
        owner, kind = source_of(row), row._meta.label_lower
        if about:
            owner, kind = f"{owner}/{about}", f"{kind}-{about}"
        file = files.add(owner=owner, brought=make.brought(photo), what=what, by=cast[by])
        for path in (PAGE, f"{PAGE}<file_pk>/end/", f"{PAGE}look/"):
            paths[f"{path}{variant}"] = {"kind": kind, "pk": row.pk, "file_pk": file.pk}
        another = partial(SimpleUploadedFile, "IMG_0001.jpg", make.picture(seed=number + 4), "image/jpeg")
        acts[f"POST {PAGE}{variant}"] = Act(by=by, body={"file": another, "label": what})
        acts[f"POST {PAGE}<file_pk>/end/{variant}"] = Act(by=by)
    acts[f"POST {PAGE}look/"] = Act(by="staff", body={"reason": "service"}, repeats=True)
