"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.core.actors import system
from weiyifang.core.server.jobs import job
from weiyifang.people import queries, services, typed_forms
from weiyifang.people.secrets import unseal
from weiyifang.people.sms import sender


@job(queue="messages", attempts=3, outside=True)
def send_sms(sealed_phone: str, sealed_text: str, sealed_code: str = "") -> None:
    """Hand a short message to the gateway. All parts are sealed: the queue is a table like any other."""
    sender().send(unseal(sealed_phone), unseal(sealed_text), code=unseal(sealed_code) if sealed_code else "")


@job(every="20 * * * *", due=queries.homes_with_erasures_due)
def erase_due() -> None:
    """Forget whoever asked for it and has had the time to think."""
    services.erase_due()


@job(every="5 16 * * *")  # just past midnight in China
def end_outgrown() -> None:
    """Let guardianships of those who come of age today end on the pages too."""
    services.end_outgrown(by=system())


@job(every="50 * * * *", due=typed_forms.homes_with_old)
def forget_typed() -> None:
    """Throw away what somebody typed and did not come back for."""
    typed_forms.forget_old()


@job(every="40 3 * * *")
def forget_drafts() -> None:
    """Throw away uploaded files nobody said yes to."""
    services.forget_drafts()


@job(every="20 19 * * *", outside=True)  # 3:20 at night in China
def forget_sessions() -> None:
    """Forget where people were signed in, and what was counted at the door."""
    services.forget_tries()
    services.forget_sessions()
