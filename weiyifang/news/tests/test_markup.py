from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.news.markup import digest_of, plain, to_html


def test_what_staff_type_becomes_a_page() -> None:
    typed = (
        "# 停水\n周六停水，\n请接好水。\n\n- 关龙头\n- 留人\n\n1. 先放一分钟\n2、再用\n\n"
        "> 水会黄一阵\n\n**记住**，看[通知](/c/nanhu/news/)"
    )
    assert to_html(typed) == (
        "<h2>停水</h2>\n<p>周六停水，<br>请接好水。</p>\n<ul><li>关龙头</li><li>留人</li></ul>\n"
        "<ol><li>先放一分钟</li><li>再用</li></ol>\n<blockquote><p>水会黄一阵</p></blockquote>\n"
        '<p><strong>记住</strong>，看<a href="/c/nanhu/news/" rel="noopener">通知</a></p>'
    )


def test_addresses_become_links_and_pictures_come_from_here_only() -> None:
    assert to_html("看 https://example.org/a?b=1&c=2。") == (
        '<p>看 <a href="https://example.org/a?b=1&amp;c=2" rel="noopener">https://example.org/a?b=1&amp;c=2</a>。</p>'
    )
    assert to_html("![全家福](/media/a.jpg)") == '<p><img src="/media/a.jpg" alt="全家福"></p>'
    assert "<img" not in to_html("![x](https://elsewhere.example/a.jpg) ![y](//elsewhere.example/b.jpg)")


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
