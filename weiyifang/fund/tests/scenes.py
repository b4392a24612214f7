"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import TODAY, Act, Acts, Cast, Paths
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.files.tests import make as papers
from weiyifang.files.tests.on_stage import papers_of
from weiyifang.fund import queries, receipts, services
from weiyifang.fund.services import Change, Correction, Move, NewPurpose
from weiyifang.fund.tests import make
from weiyifang.ledger.models import Transfer
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    services.open_fund(by=system())
    mine = make.gift(cast["accountant"], 1_000_000, resident_id=cast["resident"].resident_id)
    wrong = make.gift(cast["accountant"], 500)
    bench = "workbench/fund/"
    payment = {"title": "米面油", "payee": "粮油店", "category": "meals", "amount": "300", "pool": "general"}
    for variant, asks, source in (("", "staff", ""), (" @own", "leader", source_of(led))):
        waits = make.request(cast[asks], organization=source)
        returned = services.send_back_payment(
            request=make.request(cast[asks], organization=source), reason="少票", by=cast["secretary"]
        )
        approved = services.approve_payment(request=make.request(cast[asks], organization=source), by=cast["secretary"])
        photo = papers.picture(seed=len(variant))
        paper = services.add_paper(request=waits, brought=papers.brought(photo), by=cast[asks])
        paths[f"files/{variant}"] = {"pk": paper.pk, "size": "phone"}
        paths[f"{bench}payments/{variant}"] = {"pk": waits.pk}
        paths[f"{bench}payments/<pk>/edit/{variant}"] = {"pk": returned.pk}
        paths[f"{bench}payments/<pk>/payout/{variant}"] = {"pk": approved.pk}
        wanted = {**payment, "organization": source}
        acts[f"POST {bench}payments/new/{variant}"] = Act(by=asks, body=wanted, repeats=True)
        acts[f"POST {bench}payments/<pk>/edit/{variant}"] = Act(by=asks, body=wanted, repeats=True)
        paths[f"{bench}payments/<pk>/papers/{variant}"] = {"pk": waits.pk, "file_pk": paper.pk}
        another = partial(SimpleUploadedFile, "IMG_0001.jpg", papers.picture(seed=2), "image/jpeg")
        acts[f"POST {bench}payments/<pk>/papers/{variant}"] = Act(by=asks, body={"file": another})
        acts[f"POST {bench}payments/<pk>/papers/<file_pk>/end/{variant}"] = Act(by=asks)
        acts[f"POST {bench}payments/<pk>/approval/{variant}"] = Act(by="secretary")
        acts[f"POST {bench}payments/<pk>/return/{variant}"] = Act(by="secretary", body={"reason": "少一张票"})
        acts[f"POST {bench}payments/<pk>/refusal/{variant}"] = Act(by="secretary", body={"reason": "不合适"})
        acts[f"POST {bench}payments/<pk>/withdrawal/{variant}"] = Act(by=asks)
        acts[f"POST {bench}payments/<pk>/payout/{variant}"] = Act(by="accountant", body={"slip": "12"})
        in_fen = {**wanted, "amount_fen": 30_000}
        del in_fen["amount"]
        acts[f"POST api/fund/payments{variant}"] = Act(by=asks, body=in_fen, repeats=True)
    large = make.request(cast["staff"], 300_000)
    urgent = make.paid(dict(cast), category="relief", urgent=True)
    paths[f"{bench}payments/<pk>/check/"] = {"pk": large.pk}
    paths[f"{bench}payments/<pk>/review/"] = {"pk": urgent.pk}
    acts[f"POST {bench}payments/<pk>/check/"] = Act(by="accountant")
    acts[f"POST {bench}payments/<pk>/review/"] = Act(by="supervisor", body={"finding": "in_order"})
    together = services.check_payment(request=make.request(cast["staff"], 1_000_000), by=cast["accountant"])
    for act in ("vote", "presence", "minutes"):
        paths[f"{bench}payments/<pk>/{act}/"] = {"pk": together.pk}
    acts[f"POST {bench}payments/<pk>/vote/"] = Act(by="member", body={"voice": "for"})
    acts[f"POST {bench}payments/<pk>/presence/"] = Act(by="supervisor")
    done = make.paid(dict(cast))
    back = Correction(kind="refund", amount_fen=5_000, happened_on=clock.today(), reason="退了一袋米")
    fix = services.ask_correction(payment=done, wanted=back, by=cast["accountant"])
    cash = Move(from_method="bank", to_method="cash", amount_fen=10_000, happened_on=clock.today())
    moved = services.ask_move(wanted=cash, by=cast["accountant"])
    paths[f"{bench}payments/<pk>/correction/"] = {"pk": done.pk}
    paths[f"{bench}corrections/"] = {"pk": fix.pk}
    paths[f"{bench}moves/"] = {"pk": moved.pk}
    paths[f"{bench}entries/"] = {"pk": Transfer.objects.order_by("id")[0].pk}
    paths[f"{bench}books/<code>/"] = {"code": "1002"}
    taken = {"kind": "refund", "amount": "1", "happened_on": str(clock.today()), "reason": "退货"}
    acts[f"POST {bench}payments/<pk>/correction/"] = Act(by="accountant", body=taken, repeats=True)
    carried = {
        "from_method": "bank",
        "to_method": "cash",
        "pool": "general",
        "amount": "1",
        "happened_on": str(clock.today()),
    }
    acts[f"POST {bench}moves/"] = Act(by="accountant", body=carried, repeats=True)
    for name in ("moves", "corrections"):
        acts[f"POST {bench}{name}/<pk>/confirmation/"] = Act(by="secretary")
        acts[f"POST {bench}{name}/<pk>/refusal/"] = Act(by="secretary", body={"reason": "没有回单"})
        acts[f"POST {bench}{name}/<pk>/withdrawal/"] = Act(by="accountant")
    said = {"method": "bank", "stated_on": str(clock.today()), "amount": "1", "note": "试一试"}
    acts[f"POST {bench}statements/file/"] = Act(by="staff", body={"period": f"{TODAY:%Y}"}, is_streamed=True)
    acts[f"POST {bench}statements/"] = Act(
        by="accountant",
        body=lambda _who: {**said, "_seen": versions.mark(queries.booked_figure("bank", clock.today()))},
        repeats=True,
    )
    _purposes(cast, paths, acts)
    paths["fund/mine/"] = {"pk": mine.pk}
    sealed = make.gift(cast["accountant"], 30_000, received_on=date(2026, 8, 20))
    services.close_month(month=date(2026, 8, 1), by=cast["accountant"])
    paths["fund/receipts/"] = {"code": receipts.code(sealed.pk)}
    paths["fund/transfers/"] = {"pk": Transfer.objects.order_by("id")[0].pk}
    paths[f"{bench}income/"] = {"pk": wrong.pk}
    gift = {"channel": "partners", "method": "bank", "received_on": str(TODAY), "pool": "general"}
    acts[f"POST {bench}opening/"] = Act(by="accountant")
    acts[f"POST {bench}income/"] = Act(by="accountant", body={**gift, "amount": "200.50"}, repeats=True)
    acts[f"POST {bench}income/<pk>/correction/"] = Act(by="accountant", body={"reason": "记错了"})
    month = date(2026, 9, 1)
    acts[f"POST {bench}books/"] = Act(
        by="accountant",
        body=lambda _who: {"month": str(month), "_seen": versions.mark(queries.month_figures(month))},
    )
    acts["POST api/fund/receipts"] = Act(by="accountant", body={**gift, "amount_fen": 20_050}, repeats=True)
    said_cash = services.state_balance(method="cash", stated_on=clock.today(), stated_fen=0, by=cast["accountant"])
    given = make.gift(cast["accountant"], 20_000)
    papers_of(given, "slip", " @gift", by="accountant", seed=2, cast=cast, paths=paths, acts=acts)
    papers_of(said_cash, "statement", " @statement", by="accountant", seed=3, cast=cast, paths=paths, acts=acts)


def _purposes(cast: Cast, paths: Paths, acts: Acts) -> None:
    """An empty purpose of the community's own, and a change that waits for a second person."""
    bench, today = "workbench/fund/", str(clock.today())
    corner = NewPurpose(
        name="楼道书角",
        words="给三个楼道添书架和书",
        since=clock.today(),
        until=clock.today(),
        category="activities",
        restricted_by="giver",
        paper="捐赠协议 2026-3",
    )
    row = services.open_purpose(wanted=corner, by=cast["secretary"])
    given = Change(
        why="giver",
        from_pool="general",
        to_pool="meals",
        amount_fen=300,
        happened_on=clock.today(),
        paper="捐款人来函",
        reason="捐款人说用在助餐上",
    )
    waits = services.ask_change(wanted=given, by=cast["accountant"])
    booked = services.confirm_change(row=services.ask_change(wanted=given, by=cast["accountant"]), by=cast["secretary"])
    paths[f"{bench}purposes/"] = {"code": row.code}
    paths[f"{bench}changes/"] = {"pk": waits.pk}
    paths[f"{bench}changes/<pk>/undo/"] = {"pk": booked.pk}
    _budget(cast, paths, acts)
    named = {
        "name": "单元门口的灯",
        "words": "换六盏灯",
        "since": today,
        "restricted_by": "",
        "paper": "",
        "category": "",
    }
    acts[f"POST {bench}purposes/"] = Act(by="secretary", body=named, repeats=True)
    acts[f"POST {bench}purposes/<code>/end/"] = Act(by="secretary")
    wanted = {"why": "giver", "amount": "1", "to_pool": "meals", "paper": "来函", "happened_on": today, "reason": "试"}
    paths[f"{bench}purposes/<code>/change/"] = {"code": "general"}
    acts[f"POST {bench}purposes/<code>/change/"] = Act(by="accountant", body=wanted, repeats=True)
    acts[f"POST {bench}changes/<pk>/confirmation/"] = Act(by="secretary")
    acts[f"POST {bench}changes/<pk>/refusal/"] = Act(by="secretary", body={"reason": "没有来函"})
    acts[f"POST {bench}changes/<pk>/withdrawal/"] = Act(by="accountant")
    acts[f"POST {bench}changes/<pk>/undo/"] = Act(by="accountant", body={"reason": "金额写错了"})


def _budget(cast: Cast, paths: Paths, acts: Acts) -> None:
    """A budget that waits for a second person."""
    bench, today = "workbench/fund/budgets/", clock.today()
    plan = services.ask_budget(
        year=today.year,
        lines={("general", "meals"): 10_000_000},
        paper="管委会纪要 1 号",
        happened_on=today,
        by=cast["accountant"],
    )
    paths[bench] = {"pk": plan.pk}
    wished = {"year": str(today.year), "happened_on": str(today), "paper": "管委会纪要 2 号", "general.meals": "100"}
    acts[f"POST {bench}"] = Act(by="accountant", body=wished, repeats=True)
    acts[f"POST {bench}<pk>/confirmation/"] = Act(by="secretary")
    acts[f"POST {bench}<pk>/refusal/"] = Act(by="secretary", body={"reason": "再商量"})
    acts[f"POST {bench}<pk>/withdrawal/"] = Act(by="accountant")
