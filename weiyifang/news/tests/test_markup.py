from __future__ import annotations

import sys
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.news.markup import digest_of, plain, to_html


def test_what_staff_type_becomes_a_page() -> None:
    typed = (
        "# 停水\n周六停水，\n请接好水。\n\n- 关龙头\n- 留人\n\n1. 先放一分钟\n2. 再用\n\n"
        "> 水会黄一阵\n\n**记住**，看[通知](/c/nanhu/news/)"
    )
    assert to_html(typed).replace("\n", "") == (
        "<h2>停水</h2><p>周六停水，<br>请接好水。</p><ul><li>关龙头</li><li>留人</li></ul>"
        '<ol><li value="1">先放一分钟</li><li value="2">再用</li></ol><blockquote><p>水会黄一阵</p></blockquote>'
        '<p><strong>记住</strong>，看<a href="/c/nanhu/news/" rel="noopener">通知</a></p>'
    )


NOTICES = {  # as people type them, and as readers see them
    "1、带身份证\n\n2、带户口本\n\n3、到二楼": "<p>1、带身份证</p><p>2、带户口本</p><p>3、到二楼</p>",
    "一、时间：周六\n二、地点：活动室": "<p>一、时间：周六<br>二、地点：活动室</p>",
    "（1）电梯\n（2）门禁": "<p>（1）电梯<br>（2）门禁</p>",
    "1) 电梯\n2) 门禁": "<p>1) 电梯<br>2) 门禁</p>",
    "3. 先登记\n\n5. 再领取": '<ol><li value="3"><p>先登记</p></li><li value="5"><p>再领取</p></li></ol>',
    "2026. 12. 25 停水": "<p>2026. 12. 25 停水</p>",
    "12.25 停水": "<p>12.25 停水</p>",
    "#3 楼停水": "<p>#3 楼停水</p>",
    "# 3 楼停水": "<h2>3 楼停水</h2>",
    "＃3 楼": "<p>＃3 楼</p>",
    "#接龙\n1. 王阿姨": '<p>#接龙</p><ol><li value="1">王阿姨</li></ol>',
    ">60 岁": "<p>&gt;60 岁</p>",
    "> 60 岁免费": "<p>&gt; 60 岁免费</p>",
    ">=60 岁，<70 岁": "<p>&gt;=60 岁，&lt;70 岁</p>",
    "> 王阿姨说：水黄\n>60 岁的先打": "<blockquote><p>王阿姨说：水黄</p></blockquote><p>&gt;60 岁的先打</p>",
    "> 水黄\n已经报修": "<blockquote><p>水黄</p></blockquote><p>已经报修</p>",
    "-5 度，水管包好": "<p>-5 度，水管包好</p>",
    "+ 10 元": "<p>+ 10 元</p>",
    "• 关龙头\n• 留人": "<p>• 关龙头<br>• 留人</p>",
    "- - -": "<p>- - -</p>",
    "停水通知\n-------\n周六": "<p>停水通知<br>-------<br>周六</p>",
    "停水通知\n===": "<p>停水通知<br>===</p>",
    "***": "<p>***</p>",
    "    各位居民：\n　　周六停水。": "<p>各位居民：<br>　　周六停水。</p>",
    "长2*宽3*高4": "<p>长2*宽3*高4</p>",
    "文件_新_版 __注意__": "<p>文件_新_版 __注意__</p>",
    "**注意：**请关阀": "<p><strong>注意：</strong>请关阀</p>",
    "请**“务必”**到场": "<p>请<strong>“务必”</strong>到场</p>",
    "密码 **** 不外传": "<p>密码 **** 不外传</p>",
    "D:\\_通知\\*.doc": "<p>D:\\_通知\\*.doc</p>",
    "`wifi` ~~旧~~": "<p>`wifi` ~~旧~~</p>",
    "&amp; <b>急</b>": "<p>&amp;amp; &lt;b&gt;急&lt;/b&gt;</p>",
    "[注]：见下 [1](见下)": "<p>[注]：见下 [1](见下)</p>",
    "[a]: http": "<p>[a]: http</p>",
    "第一行  \n第二行\r\n第三行": "<p>第一行<br>第二行<br>第三行</p>",
}


@pytest.mark.parametrize(("typed", "shown"), NOTICES.items())
def test_what_people_type_is_shown_as_they_typed_it(typed: str, shown: str) -> None:
    assert to_html(typed).replace("\n", "") == shown


LINKS = {  # address → what stands after it
    "https://example.org，请看": ("https://example.org", "，请看"),
    "https://example.org/a请看": ("https://example.org/a", "请看"),
    "https://example.org/a?b=1&c=2。": ("https://example.org/a?b=1&c=2", "。"),
    "https://example.org/a.": ("https://example.org/a", "."),
    "https://example.org/c_(d)）": ("https://example.org/c_(d)", "）"),
    "https://example.org/c), 谢谢": ("https://example.org/c", "), 谢谢"),
    "HTTPS://EXAMPLE.ORG/C、": ("HTTPS://EXAMPLE.ORG/C", "、"),
    "http://example.org:8000/c/nanhu/#top》": ("http://example.org:8000/c/nanhu/#top", "》"),
    "https://example.org/_a_b__c*": ("https://example.org/_a_b__c", "*"),
}


@pytest.mark.parametrize(("typed", "parts"), LINKS.items())
def test_an_address_ends_where_the_words_begin(typed: str, parts: tuple[str, str]) -> None:
    address, after = (escape(part) for part in parts)
    assert to_html(f"看{typed}") == f'<p>看<a href="{address}" rel="noopener">{address}</a>{after}</p>'


def test_an_address_inside_a_link_is_no_second_link() -> None:
    assert to_html("[见 https://a.example](https://b.example)").count("<a ") == 1


def test_pictures_come_from_here_only_and_others_become_links() -> None:
    assert to_html("![全家福](/media/a.jpg)") == '<p><a href="/media/a.jpg" rel="noopener">全家福</a></p>'
    shown = to_html("![x](https://elsewhere.example/a.jpg) ![y](//elsewhere.example/b.jpg)")
    assert "<img" not in shown
    assert '<a href="https://elsewhere.example/a.jpg" rel="noopener">x</a>' in shown


ENDLESS = ["[", "![", "](", "[a](", "[a](/b ", "**", "*", "**a", "> ", ">", "- ", "-\n", "- a\n", "1. ", "1. a\n"]
ENDLESS += ["> a\n", "> a\n\n", "a\n", "a\n\n", " ", "　", "<", "(", "\\", "https://", "https://a.b ", "https://a("]
ENDLESS += ["#", "# ", "# a\n", "[]()", "[**", "_", "`", "&", "!", "\n"]


def _steps(text: str) -> int:
    """Lines of Python that reading it takes."""
    taken = 0

    def count(frame: Any, event: str, arg: Any) -> Any:
        nonlocal taken
        taken += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        to_html(text)
        digest_of(text)
    finally:
        sys.settrace(before)
    return taken


@pytest.mark.parametrize("sign", ENDLESS)
def test_twice_as_much_of_anything_is_twice_the_work(sign: str) -> None:
    short, long = (_steps((sign * size)[:size]) for size in (1_000, 2_000))
    assert long < 2.5 * short + 1_000


@pytest.mark.parametrize("sign", ["[", "![", "**a", "- ", "> a\n", "https://"])
def test_a_text_as_long_as_may_be_of_one_sign_is_read(sign: str) -> None:
    assert to_html((sign * 40_000)[:40_000])


def test_lists_in_lists_end_somewhere() -> None:
    typed = "\n".join("  " * depth + "- a" for depth in range(100))
    assert to_html(typed).count("<ul>") <= 20


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">点我</p>',
        '<img src=x onerror="alert(1)">',
        "[点我](javascript:alert(1))",
        "[点我](JaVaScRiPt:alert(1))",
        "[点我](data:text/html;base64,PHN)",
        '![" onload="alert(1)](/a.jpg)',
        '[x](/a"onmouseover="alert(1))',
        "<iframe src=//evil.example></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_nothing_typed_is_obeyed(typed: str) -> None:
    html = to_html(typed)
    tags = html.replace("&lt;", "").split("<")[1:]
    assert all(tag.split(">")[0].strip("/").split(" ")[0] in {"p", "a", "img", "br"} for tag in tags), html
    assert not any(word in tag.split(">")[0].lower() for tag in tags for word in ("javascript:", "data:")), html
    for tag in tags:
        names = [part.split("=")[0] for part in tag.split(">")[0].split('" ')[0].split()[1:]]
        assert all(name in {"href", "src", "alt", "rel"} for name in names), html


@given(st.text(max_size=300))
def test_any_text_is_cleaned_twice_to_the_same(typed: str) -> None:
    html = to_html(typed)
    assert "<script" not in html.lower()
    assert isinstance(plain(typed), str)
    assert len(digest_of(typed)) <= 80


def test_the_digest_is_the_beginning_of_the_text_without_its_signs() -> None:
    assert digest_of("# 停水\n\n周六**停水**，看[这里](/x)。") == "周六停水，看这里。"
    assert digest_of("字" * 100) == "字" * 79 + "…"
    assert digest_of("1、带证\n\n2、#3 楼 >60 岁\n- 关门\n\n5. 到场") == "1、带证 2、#3 楼 >60 岁 关门 5. 到场"
    assert digest_of("# 只有标题") == "只有标题"
