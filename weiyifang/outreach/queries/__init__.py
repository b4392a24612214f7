"""Reads worth a name: the figures, who stands behind them, and the lists for those who go there."""

from weiyifang.outreach.queries.figures import DIMENSIONS, Figures, Group, figures, members
from weiyifang.outreach.queries.lists import (
    buildings_free,
    contacts_of,
    grid_of,
    last_contacts,
    needs_of,
    others_at_home,
    said_gone,
    unreached,
    unreached_of_grid,
    where,
    with_counts,
    workers_of,
)
from weiyifang.people.reaching import times, ways

__all__ = [
    "DIMENSIONS",
    "Figures",
    "Group",
    "buildings_free",
    "contacts_of",
    "figures",
    "grid_of",
    "last_contacts",
    "members",
    "needs_of",
    "others_at_home",
    "said_gone",
    "times",
    "unreached",
    "unreached_of_grid",
    "ways",
    "where",
    "with_counts",
    "workers_of",
]
