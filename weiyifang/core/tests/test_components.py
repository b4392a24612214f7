"""Components: what a page author may lean on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

COMPONENTS = Path(__file__).resolve().parents[3] / "templates" / "cotton"
STYLES = Path(__file__).resolve().parents[3] / "static" / "css"


def render(source: str, **context: Any) -> str:
    request = RequestFactory().get("/list/?q=tea&page=2")
    template = engines["django"].from_string(CottonCompiler().process(source))
    with translation.override("zh-hans"):
        return re.sub(r"\s+", " ", template.render(context, request))


class Order(forms.Form):
    phone = forms.CharField(label="Phone", help_text="Only to reach you.")
    day = forms.DateField(label="Day", required=False)
    how = forms.ChoiceField(label="How", choices=[("a", "Door"), ("b", "Fetch")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_says_what_it_is_for_and_names_every_default(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.startswith("{# "), "the first line is its one comment"
    declared = re.search(r"<c-vars ([^>]*?)/>", source)
    if declared:  # a variable without a default would be taken from the page around the component
        assert all("=" in part for part in re.sub(r'"[^"]*"', '""', declared[1]).split())


def test_no_component_carries_a_style_or_a_script() -> None:
    for path in COMPONENTS.parent.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert " style=" not in source, path
        data = r'<script data-allauth-onload="[\w.]+"\s+type="application/json">'  # what a script reads is none
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", re.sub(data, "", source)), path
        assert not re.search(r"\son(?!e=)\w+=", source), path


def test_a_field_ties_its_hint_and_its_fault_to_the_control_and_keeps_what_was_typed() -> None:
    form = Order({"phone": "", "day": "2026-10-17", "how": "b"})
    form.is_valid()
    html = render('<c-field :field="form.phone" autocomplete="tel" inputmode="tel" />', form=form)
    assert 'aria-describedby="id_phone_hint id_phone_why"' in html
    assert 'id="id_phone_hint"' in html
    assert 'id="id_phone_why"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="tel"' in html
    assert 'inputmode="tel"' in html
    assert 'value="2026-10-17"' in render('<c-field :field="form.day" />', form=form)


def test_a_day_is_picked_from_a_calendar_and_an_optional_field_says_so() -> None:
    html = render('<c-field :field="form.day" />', form=Order())
    assert 'type="date"' in html
    assert "（可不填）" in html


def test_choices_are_rows_to_tap_under_one_question() -> None:
    html = render('<c-field :field="form.how" />', form=Order({"how": "b"}))
    assert html.count('<label class="cell"') == 2
    assert "<legend>How</legend>" in html
    assert re.search(r'value="b"[^>]* checked', html)


def test_a_form_brings_its_keys_hidden_fields_and_faults() -> None:
    form = Order({"phone": ""})
    html = render('<c-form :form="form" submit="Send" />', form=form)
    assert 'name="csrfmiddlewaretoken"' in html
    assert re.search(r'name="_once" value="[0-9a-f-]{36}"', html)
    assert 'name="secret"' in html
    assert 'role="alert"' in html
    assert '<a href="#id_phone">Phone</a>' in html
    assert html.count("<button") == 1


def test_two_forms_never_share_a_key() -> None:
    keys = set(re.findall(r'name="_once" value="([^"]+)"', render("{% once %}{% once %}")))
    assert len(keys) == 2


def test_what_a_page_calls_title_does_not_leak_into_a_component() -> None:
    assert "page" not in render('<c-card tone="warm">x</c-card>', title="page", more="page", icon="page", head="page")


def test_words_given_to_a_component_are_escaped_once() -> None:
    html = render('<c-cell title="{{ words }}" :desc="words" />', words="<b>Rice & tea</b>")
    assert html.count("&lt;b&gt;Rice &amp; tea&lt;/b&gt;") == 2
    assert "&amp;amp;" not in html


def test_the_way_through_a_list_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(95), 10).get_page(2)
    html = render('<c-pager :page="page" />', page=page)
    assert "?q=tea&amp;page=1" in html
    assert "?q=tea&amp;page=3" in html
    assert "第 2 页，共 10 页" in html
    assert render('<c-pager :page="page" />', page=Paginator(range(3), 10).get_page(1)).strip() == ""


def test_two_lists_of_one_page_are_gone_through_apart() -> None:
    page = Paginator(range(95), 10).get_page(2)
    html = render('<c-pager :page="page" name="theirs" at="theirs" />', page=page)
    assert 'href="?q=tea&amp;page=2&amp;theirs=3#theirs"' in html
    assert '<input type="hidden" name="page" value="2">' in html
    assert 'name="theirs" min="1" max="10"' in html


def test_a_button_is_a_link_a_button_or_neither() -> None:
    assert '<a class="btn primary"' in render('<c-button kind="primary" href="/x/">Go</c-button>')
    assert 'type="submit" form="f"' in render('<c-button form="f">Go</c-button>')
    assert "<a" not in render('<c-button href="/x/" :disabled="True">Later</c-button>')


def test_dark_is_the_same_whether_the_device_or_the_person_chose_it() -> None:
    source = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(
        r'\{\s*:root(?:\[data-theme="dark"\]|:not\(\[data-theme="light"\]\)) \{(.*?)\}', source, re.DOTALL
    )
    assert len(blocks) == 2
    assert blocks[0].split() == blocks[1].split()


def test_raw_colours_live_in_the_tokens_only() -> None:
    for path in STYLES.glob("*.css"):
        if path.name != "tokens.css":
            outside_print = path.read_text(encoding="utf-8").split("@media print")[0]
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", outside_print), path.name


def test_the_button_of_a_form_names_its_act() -> None:
    """Without content of its own a form shows its fields and one button, whose words somebody has to give."""
    root = COMPONENTS.parents[1]
    files = [*(root / "templates").rglob("*.html"), *(root / "weiyifang").rglob("templates/**/*.html")]
    for path in files:
        for tag in re.findall(r"<c-form\b[^<]*?/>", path.read_text("utf-8")):
            assert re.search(r"\bsubmit=", tag), f"{path.name}: {tag}"
