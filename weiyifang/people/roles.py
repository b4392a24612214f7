"""Role → permissions, on one page. What a role may do within an organization it may do there only.

A permission is a verb of a topic. Roles that must never meet in one act (submit ≠ approve ≠ pay) are kept apart by
the services and by constraints, whatever roles a person holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    OPEN_WORKBENCH = "open_workbench"
    # people
    SEE_RESIDENTS = "see_residents"
    MANAGE_RESIDENTS = "manage_residents"
    SEE_SENSITIVE = "see_sensitive"
    GIVE_DUTIES = "give_duties"
    PUBLISH_CONSENT_TEXTS = "publish_consent_texts"
    SET_RULES = "set_rules"
    # who is reached
    SEE_REACH = "see_reach"
    REACH_OUT = "reach_out"
    # organizations
    MANAGE_ORGANIZATIONS = "manage_organizations"
    MANAGE_OWN_ORGANIZATION = "manage_own_organization"
    # activities
    PLAN_ACTIVITIES = "plan_activities"
    ENROL_OTHERS = "enrol_others"
    CHECK_IN = "check_in"
    # volunteering
    MANAGE_TEAMS = "manage_teams"
    # shows
    KEEP_SHOWS = "keep_shows"
    # talents
    KEEP_TALENTS = "keep_talents"
    # rooms and things
    KEEP_THINGS = "keep_things"
    BOOK_THINGS = "book_things"
    # notices
    TELL_PEOPLE = "tell_people"
    # fund
    SEE_BOOKS = "see_books"
    RECORD_INCOME = "record_income"
    REQUEST_PAYMENT = "request_payment"
    CHECK_PAYMENT = "check_payment"
    APPROVE_PAYMENT = "approve_payment"
    VOTE_ON_PAYMENTS = "vote_on_payments"
    PAY = "pay"
    REVIEW_PAYMENT = "review_payment"
    CLOSE_PERIOD = "close_period"
    # news
    WRITE_NEWS = "write_news"
    REVIEW_NEWS = "review_news"
    # oversight
    SEE_TIMELINE = "see_timeline"


class Role(StrEnum):
    SECRETARY = "secretary"
    STAFF = "staff"
    ACCOUNTANT = "accountant"
    CASHIER = "cashier"
    MEMBER = "member"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    TEAM_LEADER = "team_leader"
    GRID_WORKER = "grid_worker"
    VOLUNTEER = "volunteer"
    STREET_OFFICER = "street_officer"


ROLE_NAMES: Mapping[Role, str | Promise] = {
    Role.SECRETARY: _("community secretary"),
    Role.STAFF: _("committee staff"),
    Role.ACCOUNTANT: _("accountant"),
    Role.CASHIER: _("cashier"),
    Role.MEMBER: _("member of the fund's committee"),
    Role.SUPERVISOR: _("supervisor"),
    Role.LEADER: _("organization leader"),
    Role.TEAM_LEADER: _("leader of a service team"),
    Role.GRID_WORKER: _("grid worker"),
    Role.VOLUNTEER: _("volunteer"),
    Role.STREET_OFFICER: _("street officer"),
}


def role_choices() -> list[tuple[str, str | Promise]]:
    """For the column of roles, which asks each time: another role is no migration."""
    return [(role.value, ROLE_NAMES[role]) for role in Role]


PERMISSION_NAMES: Mapping[Permission, str | Promise] = {
    Permission.OPEN_WORKBENCH: _("open the workbench"),
    Permission.SEE_RESIDENTS: _("see the register of residents, numbers masked"),
    Permission.MANAGE_RESIDENTS: _("keep the register of residents"),
    Permission.SEE_SENSITIVE: _("read phones and identity numbers, each time with a reason"),
    Permission.GIVE_DUTIES: _("give and end duties"),
    Permission.PUBLISH_CONSENT_TEXTS: _("publish the words of consents"),
    Permission.SET_RULES: _("set the community's own rules"),
    Permission.SEE_REACH: _("see in figures who is reached and who is not"),
    Permission.REACH_OUT: _("see who was not reached for long, and note contacts with them"),
    Permission.MANAGE_ORGANIZATIONS: _("keep the register of organizations"),
    Permission.MANAGE_OWN_ORGANIZATION: _("keep the own organization"),
    Permission.PLAN_ACTIVITIES: _("plan activities"),
    Permission.ENROL_OTHERS: _("enrol others"),
    Permission.CHECK_IN: _("check people in"),
    Permission.MANAGE_TEAMS: _("keep service teams and volunteers"),
    Permission.KEEP_SHOWS: _("keep shows and their line-ups"),
    Permission.KEEP_TALENTS: _("look for talents and ask them in the name of others"),
    Permission.KEEP_THINGS: _("lend rooms and things, and say who gets them"),
    Permission.BOOK_THINGS: _("book rooms and things for organizations"),
    Permission.TELL_PEOPLE: _("call people and knock at doors"),
    Permission.SEE_BOOKS: _("see the fund's books"),
    Permission.RECORD_INCOME: _("record the fund's income"),
    Permission.REQUEST_PAYMENT: _("request payments"),
    Permission.CHECK_PAYMENT: _("check the papers of larger payments"),
    Permission.APPROVE_PAYMENT: _("approve payments"),
    Permission.VOTE_ON_PAYMENTS: _("vote on large payments in the fund's committee"),
    Permission.PAY: _("pay what another approved"),
    Permission.REVIEW_PAYMENT: _("be there when the fund's committee decides, and look at urgent payments afterwards"),
    Permission.CLOSE_PERIOD: _("close a month's books"),
    Permission.WRITE_NEWS: _("write news"),
    Permission.REVIEW_NEWS: _("review news another wrote"),
    Permission.SEE_TIMELINE: _("see who did what"),
}

# held within one source (an organization, a service team, a grid), never in the whole community
WITHIN_ONLY = frozenset({Role.LEADER, Role.TEAM_LEADER, Role.GRID_WORKER})

P = Permission

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    # decides and approves; does not pay and keeps no books
    Role.SECRETARY: frozenset({
        P.OPEN_WORKBENCH, P.SEE_RESIDENTS, P.MANAGE_RESIDENTS, P.SEE_SENSITIVE, P.GIVE_DUTIES,
        P.PUBLISH_CONSENT_TEXTS, P.SET_RULES, P.MANAGE_ORGANIZATIONS, P.PLAN_ACTIVITIES, P.ENROL_OTHERS, P.CHECK_IN,
        P.MANAGE_TEAMS, P.KEEP_SHOWS, P.KEEP_TALENTS, P.KEEP_THINGS, P.BOOK_THINGS, P.TELL_PEOPLE, P.SEE_BOOKS,
        P.REQUEST_PAYMENT, P.SEE_REACH, P.REACH_OUT,
        P.APPROVE_PAYMENT, P.VOTE_ON_PAYMENTS, P.WRITE_NEWS, P.REVIEW_NEWS, P.SEE_TIMELINE,
    }),
    # the daily work
    Role.STAFF: frozenset({
        P.OPEN_WORKBENCH, P.SEE_RESIDENTS, P.MANAGE_RESIDENTS, P.SEE_SENSITIVE, P.MANAGE_ORGANIZATIONS,
        P.PLAN_ACTIVITIES, P.ENROL_OTHERS, P.CHECK_IN, P.MANAGE_TEAMS, P.KEEP_SHOWS, P.KEEP_TALENTS, P.KEEP_THINGS,
        P.BOOK_THINGS,
        P.TELL_PEOPLE, P.SEE_BOOKS, P.REQUEST_PAYMENT, P.WRITE_NEWS, P.REVIEW_NEWS, P.SEE_REACH, P.REACH_OUT,
    }),
    # keeps the books, checks the papers of larger payments, pays what another approved
    Role.ACCOUNTANT: frozenset({
        P.OPEN_WORKBENCH, P.SEE_BOOKS, P.RECORD_INCOME, P.REQUEST_PAYMENT, P.CHECK_PAYMENT, P.PAY,
        P.CLOSE_PERIOD,
    }),
    # 出纳: pays, and keeps no books; so what the accountant checked is paid by another
    Role.CASHIER: frozenset({P.OPEN_WORKBENCH, P.SEE_BOOKS, P.PAY}),
    # 基金管理委员会的委员: decides with the others on what is large
    Role.MEMBER: frozenset({P.OPEN_WORKBENCH, P.SEE_BOOKS, P.VOTE_ON_PAYMENTS}),
    # 居务监督委员会: sees all books and every act, is there when the committee decides, looks at urgent payments
    Role.SUPERVISOR: frozenset({P.OPEN_WORKBENCH, P.SEE_BOOKS, P.SEE_TIMELINE, P.REVIEW_PAYMENT}),
    # within their own organization only
    Role.LEADER: frozenset({
        P.OPEN_WORKBENCH, P.MANAGE_OWN_ORGANIZATION, P.PLAN_ACTIVITIES, P.ENROL_OTHERS, P.CHECK_IN,
        P.MANAGE_TEAMS, P.KEEP_SHOWS, P.KEEP_TALENTS, P.KEEP_THINGS, P.BOOK_THINGS, P.REQUEST_PAYMENT, P.WRITE_NEWS,
    }),
    # within one service team only
    Role.TEAM_LEADER: frozenset({P.OPEN_WORKBENCH, P.MANAGE_TEAMS}),
    # within their own grids only
    Role.GRID_WORKER: frozenset({P.OPEN_WORKBENCH, P.REACH_OUT}),
    Role.VOLUNTEER: frozenset({P.OPEN_WORKBENCH, P.CHECK_IN, P.TELL_PEOPLE}),
    # 街道办事处: oversight of money and results, read only
    Role.STREET_OFFICER: frozenset({P.OPEN_WORKBENCH, P.SEE_BOOKS, P.SEE_TIMELINE, P.SEE_REACH}),
}  # fmt: skip

# Whose day begins on the workbench. A volunteer, and who leads a team of them, is a neighbour first, and opens it at
# the door of an activity or when there is something to plan.
AT_A_DESK = frozenset(role for role in Role if P.OPEN_WORKBENCH in PERMISSIONS[role]) - {
    Role.VOLUNTEER,
    Role.TEAM_LEADER,
}
