"""Every promise, re-computed from the rows. Each package with promises brings its own `verify.check()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection

from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import CommunityModel, current_community_id
from weiyifang.governance import anchors

Check = Callable[[], list[Fault]]


def checks() -> dict[str, Check]:
    """Package name → its check: `weiyifang.<package>.verify.check`, for every package that has one, and ours."""
    found: dict[str, Check] = {"references": references, "anchors": anchored}
    for config in apps.get_app_configs():
        name = f"{config.name}.verify"
        if config.name.startswith("weiyifang.") and config.label != "governance" and find_spec(name):
            found[config.label] = import_module(name).check
    return found


def run() -> Iterator[tuple[str, list[Fault]]]:
    """Run each check in the community at hand."""
    for name, check in checks().items():
        yield name, check()


def anchored() -> list[Fault]:
    """The heads of the chains that were kept here stand where they stood."""
    return list(anchors.compare(anchors.here()))


SOURCE_FIELDS = ("source", "owner", "holder", "subject")


def references() -> list[Fault]:
    """Every source text (`activities.session:<id>`) leads to a row of this community.

    The database keeps foreign keys; texts between strangers are kept by nobody else than this check.
    """
    faults: list[Fault] = []
    for model in apps.get_models():
        if not issubclass(model, CommunityModel) or model._meta.label == "core.TimelineEntry":
            continue
        for field in model._meta.local_fields:
            if field.name in SOURCE_FIELDS and field.column:
                faults += _dangling(model, field.column)
    return faults


def _dangling(model: type[CommunityModel], column: str) -> Iterator[Fault]:
    table = connection.ops.quote_name(model._meta.db_table)
    named = connection.ops.quote_name(column)
    shape = r"^[a-z_]+\.[a-z_]+:[0-9a-f-]{36}(/|$)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT split_part({named}, ':', 1) FROM {table} WHERE community_id = %s AND {named} ~ %s",  # noqa: S608  quoted names of our own models
            [current_community_id(), shape],
        )
        labels = [label for (label,) in cursor.fetchall()]
        for label in labels:
            try:
                other = apps.get_model(label)
            except LookupError:
                yield Fault(
                    check="references", where=model._meta.label, what=f"{column} names an unknown kind: {label}"
                )
                continue
            target = connection.ops.quote_name(other._meta.db_table)
            cursor.execute(
                f"""SELECT s.id, s.{named} FROM {table} s
                WHERE s.community_id = %s AND s.{named} ~ %s AND split_part(s.{named}, ':', 1) = %s
                AND NOT EXISTS (SELECT 1 FROM {target} t WHERE t.community_id = s.community_id
                    AND t.id = substring(s.{named} FROM ':([0-9a-f-]{{36}})')::uuid) LIMIT 100""",  # noqa: S608  quoted names of our own models
                [current_community_id(), shape, label],
            )
            for pk, source in cursor.fetchall():
                yield Fault(
                    check="references", where=f"{model._meta.label} {pk}", what=f"{column} leads nowhere: {source}"
                )
