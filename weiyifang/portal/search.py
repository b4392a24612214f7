"""The search box that jumps: an exact number leads to the thing, everything else to one page with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase, HttpResponseRedirect

from weiyifang.core.look import wording
from weiyifang.core.web import finding, typed
from weiyifang.core.web.access import PageRequest, anyone, holds, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.finding import Finder, Hit, Sought
from weiyifang.core.web.pages import paged, show
from weiyifang.people.roles import Permission

SHOWN = 5  # hits of each kind; a page of its own has the rest


@dataclass(frozen=True)
class Group:
    """What one finder found."""

    finder: Finder
    hits: Sequence[Hit]
    has_more: bool


@page(anyone)
def public(request: PageRequest) -> HttpResponseBase:
    """What everybody may see: activities, organizations, articles, entries of the fund."""
    return _find(request, at_desk=False)


@page(holds(Permission.OPEN_WORKBENCH))
def desk(request: PageRequest) -> HttpResponseBase:
    """What this person may open at the workbench."""
    return _find(request, at_desk=True)


def _find(request: PageRequest, *, at_desk: bool) -> HttpResponseBase:
    """`?q=` in all that can be found here, `?of=` in one of them, page by page."""
    sought = Sought(asked(request, "q", finding.LONGEST), request.actor, at_desk)
    finders = finding.of(sought)
    only = next((one for one in finders if one.code == asked(request, "of", 20)), None)
    context = {"sought": sought.words, "at_desk": at_desk, "only": only}
    context["in_box"] = asked(request, typed.SOUGHT, finding.LONGEST) or sought.words
    context["here"] = wording.listed(finders, "label")
    if only is not None and sought.words:
        listed = paged(request, only.rows(sought))
        context |= {"page": listed, "hits": only.hits(list(listed.object_list), sought)}
    elif sought.words:
        groups = [_group(one, sought) for one in finders]
        exact = [hit for group in groups for hit in group.hits if hit.is_exact]
        if len(exact) == 1:
            return HttpResponseRedirect(exact[0].url)
        context["groups"] = [group for group in groups if group.hits]
    return show(request, "portal/workbench/search.html" if at_desk else "portal/search.html", context)


def _group(finder: Finder, sought: Sought) -> Group:
    rows = list(finder.rows(sought)[: SHOWN + 1])
    return Group(finder, finder.hits(rows[:SHOWN], sought) if rows else (), len(rows) > SHOWN)
