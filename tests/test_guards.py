"""What must hold for every model and every route, including the ones nobody has written yet."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from tools import wrap_templates
from weiyifang.core.composite import CompositeForeignKey
from weiyifang.core.events import Event
from weiyifang.core.kinds import kinds
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel

ROOT = Path(__file__).resolve().parent.parent
POSITIVE = (models.PositiveIntegerField, models.PositiveBigIntegerField, models.PositiveSmallIntegerField)
SHARED_BY_ALL = {
    "communities.Community",
    "people.Account",
    "people.Tally",
    "people.SentCode",
    "core.ClockMark",
    "core.Installation",
}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS = [  # the lowest first, as imports may point down
    {*re.findall(r"\w+", layer)}
    for layer in reversed(next(one["layers"] for one in CONTRACTS if one["name"].startswith("Floors:")))
]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("weiyifang.")]


def by_label(model: type[models.Model]) -> str:
    return model._meta.label


def floor_of(label: str) -> int:
    return next(number for number, packages in enumerate(FLOORS) if label in packages)


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_every_row_belongs_to_a_community(model: type[models.Model]) -> None:
    assert issubclass(model, CommunityModel) or model._meta.label in SHARED_BY_ALL


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    here = model._meta.app_label
    for field in model._meta.local_fields:
        target: Any = field.remote_field.model if field.remote_field else None
        if target is None:
            continue
        there = target._meta.app_label
        if there == here or there in {"auth", "contenttypes", "sessions"}:
            continue
        if field.name == "community":  # the tenant itself: every floor hangs on it
            continue
        assert floor_of(there) < floor_of(here), f"{model._meta.label}.{field.name} points up to {there}"


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_the_tables_are_ready_for_sharding_by_community(model: type[models.Model]) -> None:
    """The rules of docs/adr/0005: what Citus would refuse or get wrong is refused here."""
    meta = model._meta
    assert not meta.unique_together
    throughs: list[Any] = [field.remote_field.through for field in meta.local_many_to_many]
    assert not [through for through in throughs if through._meta.auto_created]
    tenant = issubclass(model, CommunityModel)
    for field in meta.local_fields:
        assert not isinstance(field, POSITIVE), f"{field}: use IntegerField and a named CHECK"
        assert not field.one_to_one, f"{field}: a foreign key and a UniqueConstraint with community"
        if not field.primary_key:
            assert not field.unique, f"{field}: name a UniqueConstraint in Meta"
        target: Any = field.remote_field.model if field.remote_field else None
        if target is not None and issubclass(target, CommunityModel):
            assert tenant, f"{field}: a shared table may not point at rows of a community"
            assert isinstance(field, CommunityForeignKey), f"{field}: use CommunityForeignKey"
    for constraint in meta.constraints:
        assert constraint.name, f"{meta.label} has an unnamed constraint"
        if tenant and isinstance(constraint, models.UniqueConstraint):
            names = [*constraint.fields, *[getattr(e, "name", "") for e in constraint.expressions]]
            assert names[0] == "community", f"{constraint.name}: uniqueness starts with community"


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_the_database_keeps_every_key_within_its_community(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        if isinstance(field, CommunityForeignKey) or (field.name == "community" and field.is_relation):
            assert is_kept(model, field.name), f"{model._meta.label}.{field.name}: no key in the database says so"


def is_kept(model: type[models.Model], name: str) -> bool:
    """By a key of its own, or by one to a row whose key it is."""
    field: Any = model._meta.get_field(name)
    if name == "community" and field.db_constraint:
        return True
    for key in model._meta.constraints:
        if not isinstance(key, CompositeForeignKey) or name not in key.fields:
            continue
        if any(model._meta.get_field(other).null for other in {*key.fields} - {name}):
            continue  # where one of them is null the database looks at none
        there, columns = apps.get_model(key.to), dict(zip(key.fields, key.to_fields, strict=True))
        if columns.get("community") != "community":
            continue
        target: Any = there._meta.get_field(columns[name])
        if target.primary_key and there is field.related_model:
            return True
        if target.is_relation and target.related_model is field.related_model and is_kept(there, target.name):
            return True
    return False


SAYS_A_SOURCE = re.compile(r"(^|_)(source|owner|holder|subject|scope|party|organizer|organization)$")
NO_SOURCE = {"core.OnceRecord.scope"}  # who and where a request was sent


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_column_named_like_a_source_is_found_as_one(model: type[models.Model]) -> None:
    """`verify` follows sources by the type of their column."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.CharField) and SAYS_A_SOURCE.search(field.name) and str(field) not in NO_SOURCE:
            assert isinstance(field, SourceField), f"{field}: use SourceField, or another name"


def test_two_facts_of_one_name_are_refused() -> None:
    """The timeline keeps the name alone."""
    with pytest.raises(TypeError, match=r"weiyifang\.people\.events has a fact of this name already"):
        type("DutyGiven", (Event,), {"__module__": "weiyifang.elsewhere"})
    assert kinds()["DutyGiven"].__module__ == "weiyifang.people.events"


def test_everywhere_always_says_why() -> None:
    for path in ROOT.glob("weiyifang/**/*.py"):
        if "migrations" in path.parts or path.name == "tenancy.py":
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\.everywhere\b", line):
                assert "#" in line, f"{path}:{number}: `everywhere` needs its reason in the same line"


def test_what_is_said_to_the_tools_says_why() -> None:
    """Where a checker is told to look away, whoever comes after reads in the same line what it does not know."""
    silent = re.compile(
        r"# (type: ignore(\[[\w, -]+\])?|noqa(: [A-Z]+\d+(, [A-Z]+\d+)*)?|pragma: \w+( \w+)?)\s*(#.*ignore.*)?$"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("config", "weiyifang", "tests", "bench", "tools")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert not found, "no reason is given"


def test_get_model_is_for_migrations_and_checks_only() -> None:
    allowed = {"composite.py", "verify.py", "jobs.py"}
    for path in ROOT.glob("weiyifang/**/*.py"):
        if "migrations" in path.parts or path.name in allowed:
            continue
        assert "get_model(" not in path.read_text(), f"{path}: imports point down; get_model hides one"


ASKED_BY_ALL = {"Community"}  # the tenant itself: every floor hangs on it
STAGES = {"demo_asked.py", "demo_crowd.py", "demo.py", "days.py"}  # are set with anything
A_STAGE = {"replay"}  # lives a year through all of them, and counts afterwards what came of it


@pytest.mark.parametrize("package", sorted(set().union(*FLOORS) - {"core"} - A_STAGE))
def test_rows_of_another_package_are_asked_for_through_its_queries(package: str) -> None:
    """Classes are imported for keys and types; how rows are found is the business of whose they are."""
    for path in sorted((ROOT / "weiyifang" / package).rglob("*.py")):
        if {"tests", "migrations"} & {*path.parts} or path.name in STAGES:
            continue
        tree = ast.parse(path.read_text())
        theirs = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and re.fullmatch(rf"weiyifang\.(?!{package}\b|core\b)\w+\.models(\.\w+)?", node.module or "")
            for name in node.names
            if name.name not in ASKED_BY_ALL
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "everywhere", "_base_manager"}:
                asked = isinstance(node.value, ast.Name) and node.value.id in theirs
                assert not asked, f"{path}:{node.lineno}: say it in the queries of whose rows they are"


def leaves(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


ROUTES = dict(leaves(get_resolver("config.community_urls").url_patterns))


@pytest.mark.parametrize("route", [pytest.param(route, id=route or "home") for route in ROUTES])
def test_every_page_says_who_may_open_it(route: str) -> None:
    if route.startswith("api/"):
        return  # its handlers ask the rules themselves; test_access.py opens each as each of the cast
    view = ROUTES[route]
    assert hasattr(view, "rule") or getattr(getattr(view, "__wrapped__", None), "rule", None), (
        f"{route}: put @page(rule) on {view.__module__}.{view.__name__}"
    )


LONGEST = 400


# Who writes a file past `core.files`, and why nothing of it can be cut off.
WRITES = {
    "weiyifang/core/files.py": {"mkstemp", "fdopen", "open"},
    "weiyifang/core/keys.py": {"fdopen", "open"},  # under one name, so that a killed writer's key is written over
    "weiyifang/core/server/embedded_postgres.py": {"mkdtemp", "rename", "replace"},  # folders; a log that is put aside
    # a key that is put aside; without a name: a file on its way from a backup into the store
    "weiyifang/core/server/backup.py": {"rename", "TemporaryFile"},
    "weiyifang/core/server/dumps.py": {"TemporaryFile"},  # without a name: what a program says
}
WRITING = {"write_text", "write_bytes", "fdopen", "mkstemp", "mkdtemp", "rename", "copyfile", "copy2"}
WRITING |= {"TemporaryFile", "NamedTemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile"}
MODE = re.compile(r"[rbt]*[wax+][rbt+]*")  # of a file that is opened for more than reading


def ways_of_writing(file: Path) -> Iterator[str]:
    """The calls in a program that make or change a file."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        words = [
            word.value for word in ast.walk(node) if isinstance(word, ast.Constant) and isinstance(word.value, str)
        ]
        modes = [word for word in words if set(word) <= set("rwaxbt+") and set(word) & set("wax+")]
        if name in WRITING or (name == "open" and modes):
            yield name


def test_files_are_written_whole_or_not_at_all() -> None:
    """A file that is not closed, or named before it is on the disk, is cut off one day: `core.files` sees to both."""
    programs = [path for folder in ("config", "weiyifang") for path in (ROOT / folder).rglob("*.py")]
    programs = [path for path in programs if not {"tests", "migrations"} & set(path.parts)]
    found = {str(path.relative_to(ROOT)): set(ways_of_writing(path)) for path in programs}
    assert {
        name: ways - WRITES.get(name, set()) for name, ways in found.items() if ways - WRITES.get(name, set())
    } == {}


class AtImport(ast.NodeVisitor):
    """The lines of a module that ask what time it is when it is imported, not when something is done."""

    CLOCKS = frozenset({"clock.now", "clock.today", "clock.day_bounds", "timezone.now", "timezone.localdate"})

    def __init__(self) -> None:
        self.lines: list[int] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func) in self.CLOCKS:
            self.lines.append(node.lineno)
        self.generic_visit(node)


def test_nothing_keeps_the_day_on_which_the_program_was_started() -> None:
    """It runs for years; and a test's own clock does not stand yet when its parameters are made."""
    found = {}
    for path in [*ROOT.glob("weiyifang/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        asked = AtImport()
        asked.visit(ast.parse(path.read_text("utf-8")))
        if asked.lines:
            found[str(path.relative_to(ROOT))] = asked.lines
    assert found == {}


def test_one_place_writes_workbooks_and_one_names_what_is_taken_away() -> None:
    """Text stays text, and a name is written as browsers read it, in whatever leaves the program."""
    for path in ROOT.glob("weiyifang/**/*.py"):
        if "tests" in path.parts:
            continue
        text = path.read_text()
        if path.parent.name != "tables":
            assert "openpyxl" not in text, f"{path}: `core.tables` writes workbooks"
        if path.name != "downloads.py" and path.parts[-2:] != ("files", "views.py"):
            assert "Content-Disposition" not in text, f"{path}: `core.web.downloads` names files"


def test_files_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in ROOT.glob("weiyifang/**/*.py")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > LONGEST + 50
    ]
    assert not long, "a file this long is perhaps two things:\n" + "\n".join(long)


def test_every_fact_can_be_told_in_words() -> None:
    """The history of a page shows `words`; a code word never reaches people."""
    ours = [kind for kind in kinds().values() if kind.__module__.startswith("weiyifang.")]
    assert ours
    assert not [kind.__name__ for kind in ours if not kind.words]


TEMPLATES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("weiyifang/*/templates/**/*.html")]
GIVEN = re.compile(r'\s:([a-z_]+)="([^"{]*)"')


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_components_are_given_values_they_understand(template: Path) -> None:
    """`:name="…"` takes a name, a literal or a template; a condition or a filter in it is silently nothing."""
    for name, value in GIVEN.findall(template.read_text("utf-8")):
        assert re.fullmatch(r"[\w.]+|-?\d+", value), f':{name}="{value}": write {{% if … %}}True{{% endif %}}'


def test_no_line_of_a_template_is_longer_than_somebody_reads() -> None:
    """`make fix` breaks them where it changes nothing; what is left is written otherwise, by hand."""
    long = [
        f"{page.relative_to(ROOT)}:{number}: {len(line)} letters"
        for page in wrap_templates.templates()
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1)
        if len(line) > wrap_templates.MOST
    ]
    assert not long, "make fix breaks these, or you do:\n" + "\n".join(long)


def test_nobody_decodes_an_address_in_place() -> None:
    """Django's request decodes the address inside the mapping it is made of: the next one breaks on Chinese."""
    files = [*ROOT.glob("weiyifang/**/*.py"), *ROOT.glob("config/*.py")]
    in_place = re.compile(r"WSGIRequest\(\w+\)")
    assert not [file for file in files if in_place.search(file.read_text("utf-8"))], "write WSGIRequest({**environ})"


ON_PAPER = re.compile(r'\|date:"(?!c"|Y-m-d"|YEAR_MONTH_FORMAT")|\|time\b')  # for machines, and months by themselves


def test_pages_say_days_and_times_in_one_way() -> None:
    """By the filters of `core.look.wording`, which know the reader's language and look; by no format of their own."""
    pages = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("weiyifang/*/templates/**/*.html")]
    wrong = {
        str(page.relative_to(ROOT)): found for page in pages if (found := ON_PAPER.findall(page.read_text("utf-8")))
    }
    assert not wrong


TAKEN_OUT = tomllib.loads((ROOT / "tests/torture/taken_out.toml").read_text("utf-8"))["guard"]


IN_A_LIST = re.compile(
    r"""\b(_|gettext)\(", "\)|", "\.join\(.*\}$|join:"[,，、]|forloop\.(last|first) %\}[,，、]"""
)  # and `% {…}`


def test_a_list_in_a_sentence_has_the_commas_of_its_language() -> None:
    """`wording.listed` in the program, `listed` and `comma` in templates."""
    ours = [*ROOT.glob("weiyifang/**/*.py"), *ROOT.glob("weiyifang/**/*.html"), *ROOT.glob("templates/**/*.html")]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ours
        if not {"tests", "commands", "server", "testing.py"} & set(path.parts)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if IN_A_LIST.search(line)
    ]
    assert not found


def test_each_guard_that_torture_takes_out_is_there_and_so_is_its_test() -> None:
    """Whoever rewrites one lets its entry in `tests/torture/taken_out.toml` say how it is written now."""
    gone = {one["promise"] for one in TAKEN_OUT if (ROOT / one["file"]).read_text("utf-8").count(one["takes"]) != 1}
    tests = ((one["promise"], *one["fails"].split("::")) for one in TAKEN_OUT)
    untested = {promise for promise, file, name in tests if f"def {name}(" not in (ROOT / file).read_text("utf-8")}
    assert not gone, "the text it takes out has to stand in its file once"
    assert not untested, "the test that has to fail is not in its file"
