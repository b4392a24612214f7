"""Long lines of templates are broken only where a break changes nothing that is shown (`tools/wrap_templates.py`)."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from tools.wrap_templates import MOST, wrapped

WORDS = "It is said in so many words that no line of any file could hold them all, and then in some more. " * 2
SHOWN = {
    "words of a sentence": f"<p>{{% blocktranslate trimmed %}}{WORDS.strip()}{{% endblocktranslate %}}</p>\n",
    "a sentence in one piece": f'<p>{{% load i18n %}}{{% translate "{WORDS.strip()}" %}}</p>\n',
    "a sentence in a value": f'<img alt="{{% blocktranslate trimmed %}}{WORDS.strip()}{{% endblocktranslate %}}">\n',
    "attributes": "<p " + " ".join(f'data-{one}="a b"' for one in "abcdefghijklmnopq") + ">南湖</p>\n",
    "blocks": "<ul>" + "<li>南湖</li>" * 20 + "</ul>\n",
}
BETWEEN = re.compile(r"\s+(?=</?(?:p|li|ul)\b)|(?<=</li>)\s+|\s+(?=>)")


@pytest.mark.parametrize("page", SHOWN.values(), ids=SHOWN)
def test_what_is_broken_is_shown_as_it_was(page: str) -> None:
    broken = wrapped(page)
    assert max(map(len, page.splitlines())) > MOST >= max(map(len, broken.splitlines()))
    before, after = (Template("{% load i18n %}" + one).render(Context()) for one in (page, broken))
    assert re.sub(r"\s+", " ", BETWEEN.sub("", after)) == re.sub(r"\s+", " ", BETWEEN.sub("", before))


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "<b>南湖</b>" * 20 + "</p>\n",
        "<p>" + "{{ name }}" * 20 + "</p>\n",
        "<p>" + "{{ name }} {{ other }} " * 20 + "</p>\n",
        "<p>" + "南湖 社区 " * 40 + "</p>\n",
        f"<p>{{% blocktranslate %}}{WORDS}{{% endblocktranslate %}}</p>\n",
        f'<p title="{WORDS}">南湖</p>\n',
        f"<pre>{WORDS}</pre>\n",
        "<c-badge>一</c-badge>" * 12 + "\n",
    ],
)
def test_between_words_and_in_values_nothing_is_broken(page: str) -> None:
    """Where the ends of a line would be seen: a space between Chinese words, another sentence to translate."""
    at_the_ends = re.compile(r"\n *(?=>|</?p\b)|(?<=p>)\n *")
    assert at_the_ends.sub("", wrapped(page)).strip() == page.strip()


def test_a_page_that_is_broken_is_left_alone() -> None:
    for page in SHOWN.values():
        assert wrapped(wrapped(page)) == wrapped(page)
