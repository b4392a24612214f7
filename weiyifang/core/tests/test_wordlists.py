"""Lists of words: the codes stay, the words change with the days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from weiyifang.core import clock, dated
from weiyifang.core.wordlists import NameMissing, NoSuchWord, OnTheList, WordList, WordNeeded

HEAD = 'source = { zh = "习惯", en = "custom" }\n'
TEAS = """[[rule]]
since = 2026-01-01
words = [{ code = "green", zh = "绿茶", en = "green tea" }, { code = "red", zh = "红茶", en = "black tea" }]
"""
SICHUAN = """[[rule]]
since = 2026-01-01
region = "51"
words = [{ code = "gaiwan", zh = "盖碗茶", en = "tea in a covered bowl" }]
"""
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def teas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(dated, "files", {})

    def written(text: str) -> WordList:
        path = tmp_path / "teas.toml"
        path.write_text(text, encoding="utf-8")
        return WordList(name="core.teas", path=path, title="teas", kept_codes=frozenset({"red"}))

    return written


def own(*said: tuple[date, dict[str, Any]]) -> dated.OwnValues:
    return {"core.teas": said}


def of(code: str, name: str = "", *, ended: bool = False) -> dict[str, Any]:
    return {"code": code, "name": name, "ended": ended}


def names(file: WordList, day: date, said: dated.OwnValues) -> list[str]:
    return [word.zh for word in file.on(day, said).offered]


def test_a_word_is_added_renamed_and_ended_each_from_its_day(teas: Any) -> None:
    file = teas(HEAD + TEAS)
    said = own((MAY, of("own-1", "老荫茶")), (MAY, of("green", "明前茶")), (JUNE, of("own-1", "老荫茶", ended=True)))
    assert names(file, MAY - timedelta(days=1), said) == ["绿茶", "红茶"]
    assert names(file, MAY, said) == ["明前茶", "红茶", "老荫茶"]
    assert names(file, JUNE, said) == ["明前茶", "红茶"]
    assert dated.check_rules() == []


def test_what_was_made_before_keeps_its_word_in_the_reader_s_language(teas: Any, monkeypatch: Any) -> None:
    file = teas(HEAD + TEAS)
    said = own((MAY, of("green", "明前茶")), (JUNE, of("own-1", "老荫茶", ended=True)))
    monkeypatch.setattr(dated, "remembered", lambda: said)
    assert [file.name_of("green", day) for day in (MAY - timedelta(days=1), MAY)] == ["绿茶", "明前茶"]
    with translation.override("en"):
        assert [file.name_of("green", day) for day in (MAY - timedelta(days=1), MAY)] == ["green tea", "明前茶"]
    assert file.name_of("own-1", MAY) == "老荫茶", "what ended, or came later, can be read on any day"
    assert file.name_of("mate", MAY) == "mate"


def test_a_community_uses_the_list_of_its_region(teas: Any, monkeypatch: Any) -> None:
    file = teas(HEAD + TEAS + SICHUAN)
    assert names(file, MAY, {}) == ["绿茶", "红茶"]
    monkeypatch.setattr(dated, "chosen_community_id", lambda: 510104001001)
    monkeypatch.setattr(dated, "remembered", dict)
    assert names(file, MAY, {}) == ["盖碗茶"]
    assert file.word("green", MAY).zh == "绿茶", "an old code from elsewhere is still a word"


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (of(""), NameMissing),
        (of("", "红茶"), OnTheList),
        (of("green", "black tea"), OnTheList),
        (of("red", ended=True), WordNeeded),
        (of("coffee", "咖啡"), NoSuchWord),
    ],
)
def test_what_is_said_of_a_word_makes_sense(teas: Any, values: dict[str, Any], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        teas(HEAD + TEAS).change(MAY, values, {}, [])


def test_a_name_that_is_taken_on_a_later_day_is_refused_today(teas: Any) -> None:
    file = teas(HEAD + TEAS)
    with pytest.raises(OnTheList):
        file.change(MAY, of("", "明前茶"), own((JUNE, of("green", "明前茶"))), [])


def test_the_last_word_that_is_offered_stays(teas: Any) -> None:
    with pytest.raises(WordNeeded):
        teas(HEAD + SICHUAN.replace('region = "51"\n', "")).change(MAY, of("gaiwan", ended=True), {}, [])


def test_its_own_words_are_numbered_and_a_number_is_never_used_again(teas: Any) -> None:
    file = teas(HEAD + TEAS)
    after, kept = file.change(MAY, of("", " 老荫茶 "), {}, [of("own-1", "白茶"), of("own-1", "白毫")])
    assert kept == of("own-2", "老荫茶")
    assert after.word("own-2").name == "老荫茶"


def test_a_word_keeps_its_name_when_nobody_writes_one_and_has_both_again_when_they_do(teas: Any) -> None:
    file = teas(HEAD + TEAS)
    said = own((MAY, of("green", "明前茶")))
    assert file.change(JUNE, of("green", ended=True), said, [])[1] == of("green", "明前茶", ended=True)
    assert file.change(JUNE, of("green", "绿茶"), said, [])[0].word("green").en == "green tea"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "[[rule]]\nsince = 2026-01-01", "'words' is missing"),
        (HEAD + "[[rule]]\nsince = 2026-01-01\nwords = []", "it has no words"),
        (HEAD + "[[rule]]\nsince = 2026-01-01\nwords = [1]", "cannot be read"),
        (
            HEAD + TEAS.replace('en = "green tea"', 'en = ""'),
            "the word green needs a code, and its name",
        ),
        (HEAD + TEAS.replace('code = "red"', 'code = "green"'), "a code stands there twice"),
        (HEAD + TEAS.replace('zh = "红茶"', 'zh = "绿茶"'), "a name stands there twice"),
        (HEAD + TEAS.replace("en =", "us =", 1), "nobody knows the key us; there are code, en, zh"),
        (HEAD + SICHUAN, "holds no rule for everywhere"),
        (HEAD + TEAS + SICHUAN.replace('"51"', "51"), "`region` is not how an official code begins"),
        (HEAD + TEAS + SICHUAN + SICHUAN, "two rules since the same day"),
    ],
)
def test_a_list_with_an_error_stops_the_start_with_a_sentence(teas: Any, text: str, said: str) -> None:
    teas(text)
    (error,) = dated.check_rules()
    assert "teas.toml" in str(error.msg)
    assert said in str(error.msg)


def test_a_file_that_only_begins_tomorrow_holds_nothing_and_says_so(teas: Any) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    teas(HEAD + TEAS.replace("2026-01-01", tomorrow.isoformat()))
    (error,) = dated.check_rules()
    assert f"holds nothing yet: its first rule begins on {tomorrow}" in str(error.msg)
    teas(HEAD + TEAS + TEAS.replace("2026-01-01", tomorrow.isoformat()).replace("绿茶", "明前茶"))
    assert dated.check_rules() == [], "a later rule may well begin tomorrow"
