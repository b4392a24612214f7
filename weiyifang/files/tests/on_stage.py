"""The page of a row's papers, for the scenes of whatever package the row belongs to. See `tests/stage.py`."""

from __future__ import annotations

from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.files import services as files
from weiyifang.files.tests import make

PAGE = "workbench/papers/<kind>/<pk>/"


def papers_of(
    row: CommunityModel,
    what: str,
    variant: str,
    *,
    by: str,
    seed: int,
    about: str = "",
    cast: Cast,
    paths: Paths,
    acts: Acts,
) -> None:
    """A row with a paper of a kind, and how one of the cast adds another and takes it away."""
    owner, kind = source_of(row), row._meta.label_lower
    if about:
        owner, kind = f"{owner}/{about}", f"{kind}-{about}"
    file = files.add(owner=owner, brought=make.brought(make.picture(seed=seed)), what=what, by=cast[by])
    for path in (PAGE, f"{PAGE}<file_pk>/end/", f"{PAGE}look/"):
        paths[f"{path}{variant}"] = {"kind": kind, "pk": row.pk, "file_pk": file.pk}
    another = partial(SimpleUploadedFile, "IMG_0001.jpg", make.picture(seed=seed + 4), "image/jpeg")
    acts[f"POST {PAGE}{variant}"] = Act(by=by, body={"file": another, "label": what})
    acts[f"POST {PAGE}<file_pk>/end/{variant}"] = Act(by=by)
