"""Organizations: the social organizations of the community (社区社会组织), who leads them, who belongs to them.

Nouns
    Organization   a pearl on the string: a troupe, a club, a service team, from application to the end
    Membership     a resident belongs to one, since a day, perhaps until a day
    JoinRequest    a resident asked to belong; the leader (or the committee) answers
Invariants
    A name belongs to one living organization; a resident is a member once at a time and asks once at a time.
    applied → filed (备案) → registered (登记) → dissolved, and only so: `models.STATUS_FLOW`. A filed group is no legal
    person. Who leads is a member, and whoever leads a filed organization and signs in holds the leader's duty in it.
    Kinds differ from place to place and change: they are data (`kinds.toml`), dated and sourced.
Topics name an organization by its source, `organizations.organization:<id>`; `queries.named` tells what it is called.
"""
