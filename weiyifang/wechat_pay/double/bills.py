"""The double's two bills of a day, in the shape that `banking` imports: 交易账单 and 资金账单. It takes no fees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from weiyifang.wechat_pay.double.store import Row, Store

CHINA = timezone(timedelta(hours=8))
TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
TRADE_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
FLOW = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,"
    "收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
)
FLOW_SUMS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


@dataclass(frozen=True)
class Moved:
    """Money that came in or went out, in fen."""

    at: int
    row: Row
    fen: int  # negative: paid back

    @property
    def day(self) -> str:
        return f"{self.moment:%Y-%m-%d}"

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, CHINA)


def of(store: Store, kind: str, day: str) -> str | None:
    """The bill of a day (`2026-03-02`), or None when nothing moved that day."""
    moved = _moved(store)
    mine = [one for one in moved if one.day == day]
    if not mine or kind not in {"tradebill", "fundflowbill"}:
        return None
    before = sum(one.fen for one in moved if one.day < day)
    return _trades(store, mine) if kind == "tradebill" else _flow(mine, before)


def sha1(content: str) -> str:
    """What WeChat says of a bill: of its plain content."""
    return hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()


def _moved(store: Store) -> list[Moved]:
    came = [Moved(row["paid_at"], row, row["fen"]) for row in store.all("trade") if row["paid_at"] is not None]
    went = [Moved(row["at"], row, -row["fen"]) for row in store.all("refund")]
    return sorted([*came, *went], key=lambda one: (one.at, one.row["id"]))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _line(values: Iterable[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _trades(store: Store, moved: list[Moved]) -> str:
    lines = [TRADE]
    for one in moved:
        back, paid = one.fen < 0, one.row
        trade = store.trade(paid["trade"]) if back else paid
        assert trade is not None
        paid_in, paid_out = ("0.00", _yuan(-one.fen)) if back else (_yuan(one.fen), "0.00")
        lines.append(
            _line(
                [
                    *(f"{one.moment:%Y-%m-%d %H:%M:%S}", store.app, store.merchant, "0", "", trade["id"], trade["no"]),
                    *("o" + "0" * 27, "NATIVE", "REFUND" if back else "SUCCESS", "OTHERS", "CNY", paid_in, "0.00"),
                    *((paid["id"], paid["no"], paid_out, "0.00", "ORIGINAL", "SUCCESS") if back else ()),
                    *(() if back else ("0", "0", "0.00", "0.00", "", "")),
                    *("社区捐款", "", "0.00000", "0.00%", paid_in, paid_out, ""),
                ]
            )
        )
    came, went = (sum(max(0, sign * one.fen) for one in moved) for sign in (1, -1))
    sums = (str(len(moved)), _yuan(came), _yuan(went), "0.00", "0.00000", _yuan(came), _yuan(went))
    return "\n".join([*lines, TRADE_SUMS, _line(sums), ""])


def _flow(moved: list[Moved], there: int) -> str:
    lines = [FLOW]
    for one in moved:
        there += one.fen
        name, way = ("交易", "收入") if one.fen > 0 else ("退款", "支出")
        lines.append(
            _line(
                [
                    *(f"{one.moment:%Y-%m-%d %H:%M:%S}", one.row["id"], f"F{one.row['id']}", name, name, way),
                    *(_yuan(abs(one.fen)), _yuan(there), "system", "", one.row["no"]),
                ]
            )
        )
    came = [one.fen for one in moved if one.fen > 0]
    went = [-one.fen for one in moved if one.fen < 0]
    sums = (str(len(moved)), str(len(came)), _yuan(sum(came)), str(len(went)), _yuan(sum(went)))
    return "\n".join([*lines, FLOW_SUMS, _line(sums), ""])
