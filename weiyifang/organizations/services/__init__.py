"""The verbs. Nothing else writes: `registering` what there is and how official, `belonging` who leads and who belongs.

Call them through the package: `organizations.services.file(...)`. Refusals stand beside the verb that refuses.
"""

from __future__ import annotations

from weiyifang.organizations.services.belonging import (
    AlreadyMember,
    AlreadyOver,
    AskedAlready,
    LeaderStays,
    NotAtWork,
    OwnAppointment,
    accept,
    add_member,
    add_members,
    appoint_leader,
    ask_to_join,
    decline,
    end_membership,
    forget_person,
    withdraw_request,
)
from weiyifang.organizations.services.registering import (
    CreditCodeNeeded,
    Details,
    LeaderNeeded,
    NameMissing,
    NameTaken,
    OnePearl,
    ReasonNeeded,
    apply,
    dissolve,
    edit,
    file,
    register,
)

__all__ = [
    "AlreadyMember",
    "AlreadyOver",
    "AskedAlready",
    "CreditCodeNeeded",
    "Details",
    "LeaderNeeded",
    "LeaderStays",
    "NameMissing",
    "NameTaken",
    "NotAtWork",
    "OnePearl",
    "OwnAppointment",
    "ReasonNeeded",
    "accept",
    "add_member",
    "add_members",
    "apply",
    "appoint_leader",
    "ask_to_join",
    "decline",
    "dissolve",
    "edit",
    "end_membership",
    "file",
    "forget_person",
    "register",
    "withdraw_request",
]
