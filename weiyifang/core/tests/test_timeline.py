"""What the timeline keeps for ever, and what is kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Model
from django.urls import set_urlconf

from weiyifang.core import timeline
from weiyifang.core.actors import system
from weiyifang.core.events import Event, Remark, Title, announce
from weiyifang.core.models import Remark as Kept
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import current_community_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
SUBJECT = "tests.thing:01900000-0000-7000-8000-00000000aaaa"


@dataclass(frozen=True, kw_only=True)
class ThingLost(Event):
    words = "lost"

    number: int
    title: Title
    reason: Remark = ""


@dataclass(frozen=True, kw_only=True)
class ThingNamed(Event):
    words = "named"

    name: str


def lose(reason: str) -> TimelineEntry:
    with transaction.atomic():
        announce(ThingLost(subject=SUBJECT, number=7, title="王孃孃的伞", reason=reason), by=system())
    entry = timeline.of(SUBJECT).first()
    assert entry is not None
    return entry


def test_the_timeline_keeps_no_words_and_the_history_tells_them_all_the_same() -> None:
    entry = lose("王孃孃忘在车上了")
    assert entry.values == {"number": 7}
    assert entry.remarked == "王孃孃忘在车上了"


def test_nothing_is_kept_beside_it_when_nothing_was_said() -> None:
    assert lose("").remarked == ""
    assert not Kept.objects.exists()


def test_a_fact_with_words_in_a_plain_value_is_refused() -> None:
    with pytest.raises(TypeError, match="name says something in words"), transaction.atomic():
        announce(ThingNamed(subject=SUBJECT, name="王孃孃"), by=system())


def test_a_name_is_taken_out_of_what_was_remarked_and_a_subjects_remarks_go_whole() -> None:
    lose("王孃孃忘在车上了")
    timeline.forget_name("王孃孃", instead="某居民")
    assert Kept.objects.get().text == "某居民忘在车上了"
    timeline.forget_remarks([SUBJECT])
    assert not Kept.objects.exists()
    assert TimelineEntry.objects.filter(subject=SUBJECT).count() == 1


def test_many_facts_at_once_keep_their_remarks_too() -> None:
    facts = [ThingLost(subject=SUBJECT, number=number, title="", reason="x") for number in range(250)]
    timeline.write([timeline.entry_for(fact, by=system()) for fact in facts])
    assert Kept.objects.filter(community=current_community_id()).count() == 250


def test_whatever_a_fact_is_about_has_a_page_where_its_way_leads() -> None:
    """A way with one argument too many would break the page of everything that was done."""
    known = [names for names in timeline._names.values() if isinstance(names, timeline.Called)]
    assert len(known) > 20
    set_urlconf("config.community_urls")
    try:
        for names in known:
            for way in names.ways:
                args = tuple(uuid4() if _is_id(names.model, name) else 1 for name in way.args)
                assert timeline.Subject("title", way.route, args).url, way.route
    finally:
        set_urlconf(None)


def _is_id(model: type[Model], path: str) -> bool:
    """Whether a lookup ends at a field that holds an id: of the row, or of another."""
    return path.rpartition("__")[2] == "pk" or path.endswith("_id")
