from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import models

from weiyifang.activities.models import Enrollment, Excuse, ExcuseState
from weiyifang.calendars.models import Link
from weiyifang.communities import queries as rules
from weiyifang.communities.models import Community
from weiyifang.core import dated, journal
from weiyifang.core.tenancy import CommunityModel, in_community
from weiyifang.files.models import File
from weiyifang.fund.models import Method, MoneyMove
from weiyifang.fund.queries import free_in
from weiyifang.governance import verify
from weiyifang.ledger.models import Period, Seal, Transfer
from weiyifang.news.days import ARTICLES, READS
from weiyifang.outreach.models import Contact
from weiyifang.people.days import RESIDENTS
from weiyifang.people.demo import PARTS
from weiyifang.people.living import scaled
from weiyifang.people.models import Account
from weiyifang.replay import engine, figures
from weiyifang.replay.year import CODE, open_nanhu, steps_of
from weiyifang.volunteering.models import HelpRequest, HelpState, Slot, YearPaper

SCALE, UNTIL = 0.01, date(2026, 11, 20)


@pytest.fixture
def community(db: None) -> Community:
    return open_nanhu()


def silent(done: int, total: int, name: str) -> None:
    """Progress nobody watches."""


PUBLIC_WORDS = {  # what was said to everybody, in the words it was said in
    "people_consenttext.text",
    "news_revision.title",
    "news_revision.digest",
    "news_revision.text",
    "news_revision.note",
    "communities_ownrule.values",  # of a list of words, twenty letters at most: what everybody chooses from
}
WITH_PAPERS = {
    *("fund.paymentrequest", "fund.donation", "fund.statedbalance"),
    *("organizations.organization", "people.relation"),
}
CODE_ONLY = re.compile(r"[A-Za-z0-9_.:/+#,-]*")


def words_kept_for_ever() -> set[str]:
    """What a year leaves in append-only tables besides codes, sources and hashes: by column, the first words."""
    found = set()
    tables: list[type[CommunityModel]] = [*journal.journaled(), Transfer, Seal, Period]
    for model in tables:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model.objects.values_list(field.attname, flat=True).distinct().iterator()
                words = [text for value in values for text in texts(value) if not CODE_ONLY.fullmatch(text)]
                column = f"{model._meta.db_table}.{field.column}"
                found |= {f"{column}: {text}" for text in words[:3] if column not in PUBLIC_WORDS}
    return found


def texts(value: object) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


@pytest.mark.slow
def test_a_small_year_adds_up_and_keeps_every_promise(community: Community) -> None:
    from weiyifang.people import queries as people
    from weiyifang.people.models import Purpose, Resident

    with in_community(community):
        run = engine.begin(seed=7, scale=SCALE, last_day=UNTIL)
        steps = steps_of(run, community)
        engine.play(run, community, steps, silent)
        told: dict[str, Any] = {line.name: line.replayed for line in figures.figures(run)}
        assert told["organizations"] == 43
        assert told["attendances"] == scaled(30_000, SCALE)
        assert told["articles"] == scaled(ARTICLES, SCALE)
        assert told["reads"] == scaled(READS, SCALE)
        assert (told["class_pupils"], told["class_lessons"], told["class_fees_fen"]) == (21, 160, 400_000)
        played = figures.counted(run)
        markets = played["market_proceeds_fen"]  # of those that a small year holds; of the whole they are 1,920,000
        assert told["fund_income_fen"] == round((44_614_000 - 400_000 - 1_920_000) * SCALE) + 400_000 + markets
        assert (played["shows"], played["show_fund_share_fen"]) == (1, round(3_750_000 * SCALE))
        sealed = Transfer.objects.filter(effective_on__lt=UNTIL.replace(day=1), reverses=None)
        gifts = sealed.filter(source__startswith="fund.donation:").exclude(source__contains="/").count()
        assert played["receipts_verified"] == gifts > 0, "each gift of a sealed month has a receipt that holds"
        where = {method: free_in(method, "general") for method in Method}
        assert where[Method.CASH] == where[Method.WECHAT] == 0, "cash and WeChat money reached the bank"
        moved = MoneyMove.objects.filter(state="booked").aggregate(sum=models.Sum("amount_fen"))["sum"]
        assert moved == round(1_970_000 * SCALE) + markets + round(9_628_000 * SCALE) + 400_000
        assert Resident.objects.count() == scaled(RESIDENTS, SCALE)
        assert (played["shifts"], played["worked_minutes"]) == (scaled(3_000, SCALE), 60 * scaled(9_000, SCALE))
        lived: list[models.QuerySet[Any]] = [
            Enrollment.objects.exclude(together=None),
            Excuse.objects.exclude(decided_by_id=None),
            Excuse.objects.filter(state=ExcuseState.ASKED),
            HelpRequest.objects.filter(state=HelpState.OPEN),
            HelpRequest.objects.filter(state=HelpState.DONE),
            Slot.objects.live().filter(seeks_stand_in=True, offers__isnull=False),
            YearPaper.objects.all(),
            Contact.objects.exclude(noted_by=Account.objects.get(username="staff")),
            Link.objects.exclude(fetched_on=None),
        ]
        assert [rows.model for rows in lived if not rows.exists()] == [], "each page has something to show"
        assert set(people.current_texts()) == set(Purpose.values), "there are words to agree to"
        assert [fault for _name, faults in verify.run() for fault in faults] == []
        assert words_kept_for_ever() == set()
        decided = [word for file in dated.files.values() for word in rules.words_on(file)]
        assert sorted(word.row.rule for word in decided) == ["activities.kinds", "core.festivals"]
        for word in decided:
            assert word.entry is not None
            assert word.entry.remarked, "said why"
            assert word.entry.actor_account_id == Account.objects.get(username="secretary").pk
        assert {file.owner.partition(":")[0] for file in File.objects.all()} >= WITH_PAPERS
        at_home = Resident.objects.exclude(account=None).values_list("account__username", flat=True)
        assert sorted(at_home) == sorted(part.key for part in PARTS if part.door), "the cast proved its phones in time"
        head = figures.head()
        engine.play(run, community, steps_of(run, community), silent)
        assert figures.head() == head, "a finished year is not lived again"


def test_a_community_lives_one_year_only(community: Community) -> None:
    assert community.pk == CODE
    with in_community(community):
        engine.begin(seed=1, scale=0.5, last_day=UNTIL)
        with pytest.raises(engine.OtherReplay):
            engine.begin(seed=2, scale=0.5, last_day=UNTIL)
