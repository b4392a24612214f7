"""The verbs: tell, take it there, read. Nothing else writes."""

from weiyifang.notices.services.delivering import drop_late, mark, put_back, route_new, send_due
from weiyifang.notices.services.reading import finish, forget_old, forget_person, read, read_all, settle, take_out
from weiyifang.notices.services.telling import tell

__all__ = [
    "drop_late",
    "finish",
    "forget_old",
    "forget_person",
    "mark",
    "put_back",
    "read",
    "read_all",
    "route_new",
    "send_due",
    "settle",
    "take_out",
    "tell",
]
