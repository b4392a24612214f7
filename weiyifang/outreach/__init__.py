"""Nobody forgotten: who is reached, who is not, and who goes there.

Nouns: `Grid` (buildings somebody looks after), `Contact` (somebody visited or called a person, and what came of it),
`SpecialNeed` (noted of who agreed to it alone).
That a service reached somebody is not kept here: it is asked of the topics (`people.reaching`).
Promises: a figure never tells of fewer than five people; a grid worker sees their own grids alone; whoever said no
is left alone until the day they named; a contact is never counted as a service.
"""
