"""The gate's own control: whatever it looks for is planted once, and it says where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse, HttpResponseBase

from tests.browser import known
from tests.browser.gate import LARGEST, inspect
from tests.browser.inside import Window
from tests.browser.pages import Visit
from tests.browser.shelf import Answer
from tests.stage import Stage
from weiyifang.core.web.headers import POLICY

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.conftest import PageOf

PICTURE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'/>"
UGLY = f"""<!doctype html><html lang="zh-hans"><title>页面</title><style>
  html {{ font: 18px/1.5 sans-serif }} body {{ background: #fff; color: #111; margin: 0 }}
  .tight {{ line-height: 1 }}
  .broad {{ inline-size: 340px; block-size: 1px }}
  .wb-row {{ block-size: 60px }} .wb-row b {{ display: block; block-size: 90px }}
  .late {{ display: block }}
  .out {{ position: absolute; left: -9px; display: block; inline-size: 90px; block-size: 90px }}
  @media (min-width: 1000px) {{ .pale {{ color: #ccc }} }}
  @media (prefers-color-scheme: dark) {{ .dark {{ background: #111; color: #222 }} }}
  [data-size="{LARGEST}"] .grown {{ inline-size: 1400px; block-size: 1px }}
</style><main><h1>页面</h1><p>None</p><p class="tight">一行</p><p class="pale">一行</p><p class="dark">一行</p>
<div class="broad"></div><div class="grown"></div>
<div class="wb-row"><div><a class="title" href="/">一行</a></div><b>字</b></div>
<a class="out" href="/">回去</a>
<a class="late" href="/"><img src="{PICTURE}" width="90" height="90" loading="lazy" alt="画"></a>
<img src="data:," width="9" height="9"></main><script>nothing.there()</script>"""
PLANTED = {  # what is said → where
    "“None” reaches the reader": "normal 320 px light",
    "line height 1.00 in <p.tight>": "normal 375 px light",
    'color-contrast × 1: <p class="pale">': "normal 1280 px light",
    'color-contrast × 1: <p class="dark">': "normal 320 px dark",
    "the page is 340 wide on a screen of 320": "normal 320 px light",
    "the page is 1400 wide on a screen of 1280": "largest text",
    "only the words open the row of <a.title>": "normal 320 px light",
    "what stands in the row reaches out of it: <div.wb-row>": "normal 320 px light",
    "cut off at the edge: <a.out>": "normal 320 px light",
    "no target before the picture is there: <a.late>": "normal 320 px light",
    "image-alt × 1": "normal 320 px light, care 320 px light",
    "console: nothing is not defined": "normal, care",
}
ELSEWHERE = {"normal 375 px light", "normal 1280 px light", "normal 320 px dark", "largest text"}


def test_the_gate_sees_what_is_wrong(live_server: LiveServer, page_of: PageOf) -> None:
    """A page with small grey text, a tiny button, no language and an inline style."""
    page, url = page_of("visitor"), f"{live_server.url}/bad/"
    html = (
        "<title>·</title><body><p style='color:red'>x</p><font size=1 color=#aaa>grey</font>"
        "<button>a</button><div><img src=/x.png></div>"
    )
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    page.route(url, lambda route: route.fulfill(body=html, headers=headers))
    faults = "\n".join(inspect(page, url, "bad"))
    for sign in ("no title", "no h1", "does not say its language", "text of", "target of", "color-contrast", "console"):
        assert sign in faults


@pytest.mark.parametrize("narrow", [False, True])
def test_it_says_in_which_version_width_and_light(live_server: LiveServer, page_of: PageOf, *, narrow: bool) -> None:
    """Where it looks at the narrow screen in daylight only, it sees there what it sees there otherwise."""
    page, url = page_of("visitor"), f"{live_server.url}/bad/"
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page.route(url, lambda route: route.fulfill(body=UGLY, headers=headers))
    faults = inspect(page, url, "ugly", narrow=narrow)
    for sign, where in PLANTED.items():
        if narrow and where in ELSEWHERE:
            continue
        said = [fault for fault in faults if sign in fault]
        assert any(where in fault.rpartition("[")[2] for fault in said), f"{sign} [{where}] is not in\n" + "\n".join(
            faults
        )


@dataclass(frozen=True, kw_only=True)
class Planted(Visit):
    """A page that is not the program's."""

    html: str = ""

    def ask(self, stage: Stage) -> HttpResponseBase:
        return HttpResponse(f"<!doctype html><html lang=en><title>a</title><main><h1>a</h1>{self.html}</main>")


@pytest.mark.parametrize("url", ["/static/no.png", "/no.png", "http://127.0.0.1:9/elsewhere.png"])
def test_what_a_page_asks_for_and_does_not_get_is_a_fault(window: Window, url: str) -> None:
    planted = Planted(name="planted", address="/c/nanhu/planted/", html=f'<img alt="a" src="{url}">')
    with pytest.raises(AssertionError, match="which is not there"):
        window.must_pass(lambda stage: iter([planted]))


@pytest.mark.parametrize("status", [404, 302])
def test_another_answer_is_a_fault(window: Window, status: int) -> None:
    planted = Planted(name="planted", address="/c/nanhu/planted/", status=status)
    with pytest.raises(AssertionError, match=f"answered 200, not {status}"):
        window.must_pass(lambda stage: iter([planted]))


ROW, OTHER = "01a22b25-e496-731f-90e0-605b6f968e5c", "01a22b25-e496-731f-90e0-605b6f968e5d"


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        (f'<a href="/{ROW}/">一</a>', f'<a href="/{OTHER}/">一</a>', True),
        ('<input type="hidden" name="_for" value="abc">', '<input type="hidden" name="_for" value="abd">', True),
        ("<p>一</p>", "<p>二</p>", False),
        ('<input type="text" value="abc">', '<input type="text" value="abd">', False),
        ("<p class=a>一</p>", "<p class=b>一</p>", False),
    ],
)
def test_a_page_is_drawn_again_when_something_that_is_seen_has_changed(before: str, after: str, is_same: bool) -> None:
    marks = [known.digest([Answer(200, {"Content-Type": "text/html"}, one.encode())], "1") for one in (before, after)]
    assert (marks[0] == marks[1]) is is_same


def test_so_it_is_when_a_picture_the_policy_or_the_browser_has_changed() -> None:
    page = Answer(200, {"Content-Type": "text/html"}, b"<p>")
    others = [
        Answer(404, page.headers, page.body),
        Answer(200, {**page.headers, "Content-Security-Policy": POLICY}, page.body),
        Answer(200, page.headers, page.body, {"/a.jpg": Answer(200, {}, b"a")}),
        Answer(200, page.headers, page.body, {"/a.jpg": Answer(404, {}, b"a")}),
    ]
    assert len({known.digest([one], browser) for one in (page, *others) for browser in "12"}) == 10
