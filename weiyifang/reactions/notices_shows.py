"""Which fact about a show is told to whom. What a notice then says: `notice_kinds`."""

from __future__ import annotations

from weiyifang.core.tenancy import id_in, source_of
from weiyifang.notices.services import settle, tell
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.stage import events as stage
from weiyifang.stage import queries as shows


def troupe_asked(fact: stage.TroupesAsked) -> None:
    """Whoever leads a troupe that was asked, until the show begins."""
    for offer in shows.offers_by_id(fact.offers):
        _tell_troupe("troupe_asked", source_of(offer), offer.organization, fact.number)


def troupe_answered(fact: stage.TroupeAnswer) -> None:
    """Whoever keeps the shows; for the troupe it is asked no more."""
    settle(about=fact.subject, kinds=["troupe_asked", "troupe_asked_again"])
    keepers = people.holders(Permission.KEEP_SHOWS)
    tell(kind="troupe_answered", about=fact.subject, accounts=keepers, number=fact.number)


def show_agreed(fact: stage.EngagementAgreed) -> None:
    """The troupe that plays."""
    settle(about=f"stage.offer:{fact.offer_id}", kinds=["troupe_asked", "troupe_asked_again"])
    _tell_troupe("show_agreed", fact.subject, fact.organization, fact.number)


def show_moved(fact: stage.EngagementMoved) -> None:
    """The troupes that have to answer again, the one that plays, and whoever stays in its line-up."""
    for offer in shows.offers_by_id(fact.offers):
        _tell_troupe("troupe_asked_again", source_of(offer), offer.organization, fact.number)
    if fact.organization:
        _tell_troupe("show_moved_troupe", fact.subject, fact.organization, fact.number)
    begins = fact.starts_at
    tell(kind="show_moved", about=fact.subject, residents=fact.residents, until=begins, starts_at=begins)


def put_into_line_up(fact: stage.PerformersPutIn) -> None:
    begins = fact.starts_at
    tell(kind="in_line_up", about=fact.subject, residents=fact.residents, until=begins, starts_at=begins)


def out_of_line_up(fact: stage.PerformerSteppedBack) -> None:
    """By their own wish the troupe is told, else they are."""
    show = shows.engagement(fact.engagement_id)
    if fact.is_own_wish:
        _tell_troupe("stepped_back", source_of(show), show.organization, fact.number)
    else:
        begins = fact.starts_at
        residents = [fact.resident_id]
        tell(kind="out_of_line_up", about=source_of(show), residents=residents, until=begins, starts_at=begins)


def show_called_off(fact: stage.EngagementCancelled) -> None:
    """Whoever was to play, and the troupe."""
    begins = fact.starts_at
    tell(kind="show_off", about=fact.subject, residents=fact.residents, until=begins, starts_at=begins)
    if fact.organization:
        _tell_troupe("show_off_troupe", fact.subject, fact.organization, fact.number)


def show_paid(fact: stage.IncomeReceived) -> None:
    """The troupe, and the members who have a part of it."""
    _tell_of_money("show_paid", fact)


def show_money_given_back(fact: stage.IncomeGivenBack) -> None:
    _tell_of_money("show_given_back", fact)


def _tell_of_money(kind: str, fact: stage.IncomeFact) -> None:
    about = f"stage.engagement:{fact.engagement_id}"
    _tell_troupe(kind, about, fact.organization, fact.number)
    tell(kind=f"{kind}_member", about=about, residents=shows.members_with_a_part(id_in(fact.subject)))


def _tell_troupe(kind: str, about: str, organization: str, number: int) -> None:
    """Whoever leads it and keeps its shows."""
    leaders = people.holders(Permission.KEEP_SHOWS, within=organization)
    everywhere = set(people.holders(Permission.KEEP_SHOWS))
    tell(kind=kind, about=about, accounts=[one for one in leaders if one not in everywhere], number=number)
