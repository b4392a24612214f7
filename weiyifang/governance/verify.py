"""Every promise, re-computed from the rows. Each package with promises brings its own `verify.check()`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction
from django.utils import translation

from weiyifang.core.faults import Fault
from weiyifang.core.kinds import kinds
from weiyifang.core.models import TimelineEntry
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityModel, current_community_id
from weiyifang.governance import anchors
from weiyifang.timetable import queries as timetable

Check = Callable[[], list[Fault]]


def checks() -> dict[str, Check]:
    """Package name → its check: `weiyifang.<package>.verify.check`, for every package that has one, and ours."""
    found: dict[str, Check] = {"references": references, "anchors": anchored, "words": told_in_words}
    for config in apps.get_app_configs():
        name = f"{config.name}.verify"
        if config.name.startswith("weiyifang.") and config.label != "governance" and find_spec(name):
            found[config.label] = import_module(name).check
    return {name: in_one_view(check) for name, check in found.items()}


def in_one_view(check: Check) -> Check:
    """A check that sees the rows as they are at one moment, and writes nothing.

    Facts and rows are read one after the other: what somebody did in between would seem to be a fault.
    """

    def look() -> list[Fault]:
        if connection.in_atomic_block:
            return check()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return list(check())

    return look


def run() -> Iterator[tuple[str, list[Fault]]]:
    """Run each check in the community at hand."""
    for name, check in checks().items():
        yield name, check()


def told_in_words() -> list[Fault]:
    """Every fact in the timeline is of a kind the program knows, and can be told in both languages."""
    for config in apps.get_app_configs():
        if config.name.startswith("weiyifang.") and find_spec(f"{config.name}.events"):
            import_module(f"{config.name}.events")
    faults = []
    for name in TimelineEntry.objects.order_by("verb").values_list("verb", flat=True).distinct():
        kind = kinds().get(name)
        said = set()
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said.add(str(kind.words) if kind else "")
        if len(said - {""}) < 2:
            faults.append(Fault(check="words", where=name, what="is no kind of fact, or lacks its words in a language"))
    return faults


def anchored() -> list[Fault]:
    """The heads of the chains that were kept here stand where they stood."""
    return list(anchors.compare(anchors.here()))


def references() -> list[Fault]:
    """Every source text (`activities.session:<id>`) leads to a row of this community.

    The database keeps foreign keys; texts between strangers are kept by nobody else than this check.
    """
    found = [fault for model, column in source_columns() for fault in _dangling(model, column)]
    return [*found, *_taken()]


def source_columns() -> Iterator[tuple[type[CommunityModel], str]]:
    """Every column that holds sources, found by its type."""
    for model in apps.get_models():
        if issubclass(model, CommunityModel):
            for field in model._meta.local_fields:
                if isinstance(field, SourceField):
                    yield model, str(field.column)


SOURCE = r"^[a-z_]+\.[a-z_]+:[0-9a-f-]{36}(/|$)"


def _dangling(model: type[CommunityModel], column: str) -> Iterator[Fault]:
    quote = connection.ops.quote_name
    table, named, where = quote(model._meta.db_table), quote(column), model._meta.label_lower
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))  # kind → id → texts
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {named} FROM {table} WHERE community_id = %s AND {named} ~ %s",  # noqa: S608  quoted names of our own models
            [current_community_id(), SOURCE],
        )
        for (text,) in cursor:
            kind, _colon, rest = text.partition(":")
            rows[kind][rest[:36]].append(text)
        for kind, ids in rows.items():
            other = _table(kind)
            if other is None:
                yield Fault(check="references", where=where, what=f"{column} names an unknown kind: {kind}")
                continue
            lost = [text for pk in _missing(other, list(ids)) for text in ids[pk]]
            cursor.execute(
                f"SELECT id, {named} FROM {table} WHERE community_id = %s AND {named} = ANY(%s) LIMIT 100",  # noqa: S608  as above
                [current_community_id(), lost],
            )
            for pk, source in cursor.fetchall():
                yield Fault(check="references", where=f"{where}:{pk}", what=f"{column} leads nowhere: {source}")


def _taken() -> Iterator[Fault]:
    """Whoever is taken in the timetable is somebody. (A place has no table: its id follows from its name.)"""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, kind, subject_id in timetable.every_subject():
        rows[kind][str(subject_id)].append(f"timetable.allocation:{pk}")
    for kind, ids in rows.items():
        if (other := _table(kind)) is not None:
            for subject in _missing(other, list(ids)):
                for where in ids[subject]:
                    yield Fault(check="references", where=where, what=f"takes {kind} {subject}, which is not there")


def _table(kind: str) -> type[CommunityModel] | None:
    """The table of `activities.session`; None when there is none of a community."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, CommunityModel) else None


def _missing(model: type[CommunityModel], ids: list[str]) -> list[str]:
    """Those of the ids that no row of the community at hand has."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT wanted.id::text FROM unnest(%s::uuid[]) AS wanted(id)
            LEFT JOIN {table} t ON t.community_id = %s AND t.id = wanted.id WHERE t.id IS NULL""",  # noqa: S608  as above
            [ids, current_community_id()],
        )
        return [pk for (pk,) in cursor.fetchall()]
