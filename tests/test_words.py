"""Sentences are found, listed, checked and compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import polib
import pytest
from django.test import override_settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from weiyifang.core.look.words import CATALOGUE, ROOT, Catalogue, Sentence, catalogues, compile_stale, sentences_in

PROGRAM = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
ONE = _("Good morning")
LONG = _("Two lines "
         "are one sentence")
def many(n):
    return ngettext("%(n)d seat", "%(n)d seats", n) % {"n": n}
HOUSE = pgettext("building", "Block")
NOT = print("not a sentence for people")
"""
PAGE = """
<c-card label="{% translate 'My page' %}">
  {% blocktranslate trimmed with name=resident.name %}
    Dear {{ name }},
    welcome.
  {% endblocktranslate %}
  {% blocktranslate count n=seats %}{{ n }} seat left{% plural %}{{ n }} seats left{% endblocktranslate %}
  {{ _("From a variable") }} {% comment %}{% translate "Not said" %}{% endcomment %}
</c-card>
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    package = tmp_path / "weiyifang" / "stage"
    (package / "templates" / "stage").mkdir(parents=True)
    (package / "tests").mkdir()
    (package / "views.py").write_text(PROGRAM, "utf-8")
    (package / "templates" / "stage" / "page.html").write_text(PAGE, "utf-8")
    (package / "tests" / "test_views.py").write_text('_("only in a test")', "utf-8")
    return Catalogue(package / CATALOGUE, (package,))


def translate(catalogue: Catalogue, **chinese: str) -> None:
    entries = catalogue.read()
    for entry in entries:
        text = chinese.get(entry.msgid.split()[0].strip("%(),"), "字" + "".join(_places(entry.msgid)))
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
    entries.save(str(catalogue.file))


def _places(text: str) -> list[str]:
    return [word.rstrip(",") for word in text.split() if word.startswith("%")]


def test_programs_and_templates_are_read(catalogue: Catalogue) -> None:
    assert catalogue.sentences() == {
        Sentence("Good morning"),
        Sentence("Two lines are one sentence"),
        Sentence("%(n)d seat", plural="%(n)d seats"),
        Sentence("Block", context="building"),
        Sentence("My page"),
        Sentence("Dear %(name)s, welcome."),
        Sentence("%(n)s seat left", plural="%(n)s seats left"),
        Sentence("From a variable"),
    }


def test_the_list_follows_the_program_and_nothing_else(catalogue: Catalogue) -> None:
    assert catalogue.update() == (8, 0)
    translate(catalogue)
    assert catalogue.update() == (0, 0)
    settled = catalogue.file.read_bytes()
    assert catalogue.update() == (0, 0)
    assert catalogue.file.read_bytes() == settled
    program = catalogue.sources[0] / "views.py"
    program.write_text(PROGRAM.replace("Good morning", "Good evening"), "utf-8")
    assert catalogue.update() == (1, 1)
    entries = {entry.msgid: entry.msgstr for entry in catalogue.read()}
    assert entries["Good evening"] == ""
    assert entries["My page"] == "字"
    assert "Good morning" not in entries
    assert list(entries) == sorted(entries)


def test_what_is_not_ready_is_named(catalogue: Catalogue) -> None:
    assert all(line.startswith("missing") for line in catalogue.complaints())
    catalogue.update()
    assert all(line.startswith("empty") for line in catalogue.complaints())
    translate(catalogue)
    assert list(catalogue.complaints()) == []
    translate(catalogue, Dear="您好")
    assert list(catalogue.complaints()) == ["other places to fill in: 'Dear %(name)s, welcome.' → '您好'"]
    translate(catalogue)
    entries = catalogue.read()
    next(entry for entry in entries if entry.msgid == "My page").flags.append("fuzzy")
    entries.append(polib.POEntry(msgid="Gone", msgstr="没了"))
    entries.save(str(catalogue.file))
    assert sorted(catalogue.complaints()) == ["fuzzy: 'My page'", "nobody says this any more: 'Gone'"]


def test_only_what_changed_is_compiled(catalogue: Catalogue) -> None:
    root = catalogue.sources[0].parent.parent
    catalogue.update()
    translate(catalogue, Good="早上好", Block="栋")
    assert compile_stale(root) == 1
    assert compile_stale(root) == 0
    with catalogue.file.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Good morning") == "早上好"
    assert compiled.pgettext("building", "Block") == "栋"
    assert compiled.ngettext("%(n)d seat", "%(n)d seats", 7) == "字%(n)d"


def test_a_plain_text_template_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "message.txt"
    file.write_text("{% translate 'Hello' %}", "utf-8")
    assert list(sentences_in(file)) == [Sentence("Hello")]


def test_a_process_that_began_without_compiled_words_speaks_once_they_are_there(tmp_path: Path) -> None:
    listed = tmp_path / CATALOGUE
    listed.parent.mkdir(parents=True)
    words = polib.POFile()
    words.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans"}
    words.append(polib.POEntry(msgid="Nobody has said this yet", msgstr="还没有人说过"))
    words.save(str(listed))
    with override_settings(LOCALE_PATHS=[tmp_path / "locale"]):
        with override("zh-hans"):
            assert _("Nobody has said this yet") == "Nobody has said this yet"
        assert compile_stale(tmp_path) == 1
        with override("zh-hans"):
            assert _("Nobody has said this yet") == "还没有人说过"


TELLS = re.compile("(会|马上|已|就)(告诉|通知|提醒)|告诉(对方|大家|报了)|(告诉|提醒)您")
LONG_WORK = [
    "This is a long list:",
    "You can close this page:",
    "Long lists and big files are made while",
    "These are many:",
]
SHIFT_CALLED_OFF = ["Called off. Everybody in it is told", "Everybody in it is free again at that hour"]
SHIFT_GIVEN_BACK = ["Given back. The team's leader is told", "Then somebody else is needed."]
SHIFT_CHANGED = ["Change it and tell them"]
STAND_IN = ["You said no. Whoever asked you is told"]
SWAP = ["Swapped. This one is yours now", "Offered. You hear of it"]
HELP_TAKEN = ["Asked. You are told as soon", "Say what it is about and when", "It is yours. Thank you! Whoever asked"]
HELP_WITHDRAWN = ["Taken back. If somebody was to do it", "If somebody was to do it"]
TIME_LEFT = [
    "In the time bank: %(time)s. After these %(days)d days it goes to the person",
    "In the time bank: %(time)s. The night after, it goes to the person",
    "Nobody is told now; who gets it hears of it then",
]
BOOKING_ASKED = ["Asked. The time is kept for you", "The time is kept until somebody has answered"]
TALENT_ASKED = [
    "%(name)s is told. You hear of the answer",
    "Their phone stays hidden. They are told",
    "You are told when somebody does",
    "You have asked %(name)s already",
]
TALENT_ANSWERED = ["Say that it is not possible", "You said yes. Whoever asked is told"]
TALENT_NOT_NEEDED = ["Taken back. The talent is told", "The talent is told, and is free again"]
BOOKING_REFUSED = ["Said no. They are told why", "Say no, and tell them"]
SEATS_GIVEN = ["You can leave the list", "Enrolment closes %(moment)s; then you", "The seats are given; everybody"]
HANDED_OVER = ["At the door the child goes", "Nobody had named", "Nobody named this person", "The guardians are told"]
DONE_BY = {  # how sentences begin that say the program will tell somebody: what does it
    "You told us": "the reader did",
    "Published. The money is set aside, and the leaders are told": "`RunPublished`, by `run_published`",
    "When an assessment is published, you are told": "`RunPublished`, by `run_published`",
    **dict.fromkeys(LONG_WORK, "`ErrandDone` and its brothers, by `reactions.notices`"),
    "%(n)d person is told": "`MessageWritten`, by `organizer_wrote`",
    "%(name)s is in. They are told": "`SlotTaken`, by `put_into_shift`",
    **dict.fromkeys(SHIFT_CALLED_OFF, "`ShiftCalledOff`, by `shift_called_off`"),
    **dict.fromkeys(SHIFT_GIVEN_BACK, "`SlotGivenBack`, by `shift_given_back`"),
    **dict.fromkeys(SHIFT_CHANGED, "`ShiftChanged`, by `shift_changed`"),
    **dict.fromkeys(STAND_IN, "`StandInSearchEnded`, by `stand_in_search_ended`: it is not their own wish"),
    **dict.fromkeys(SWAP, "`ShiftsSwapped`, by `shifts_swapped`"),
    **dict.fromkeys(HELP_TAKEN, "`HelpTaken`, by `help_taken`"),
    **dict.fromkeys(HELP_WITHDRAWN, "`ShiftCalledOff`, by `shift_called_off`"),
    "Noted. Whoever asked is told": "`HelpNotFound`, by `help_not_found`",
    "Given on. %(name)s is told": "`TimeGiven`, by `time_given`",
    **dict.fromkeys(TIME_LEFT, "`TimeLeft`, by `time_left`"),
    "Gone back. Both of them are told": "`TimeTakenBack`, by `time_taken_back`",
    "You do it instead. They are told": "`SlotGivenBack`, by `shift_given_back`: it is not their own wish",
    **dict.fromkeys(
        BOOKING_ASKED, "`BookingsApproved` and its brothers, by `booking_approved`, `…_refused`, `…_lapsed`"
    ),
    **dict.fromkeys(SEATS_GIVEN, "`SeatsGiven`, by `seats_given`"),
    "Choose a day and a time. If it is taken": "the page itself, with `NotFree.times`",
    "Said yes to %(n)d date": "`BookingsApproved`, by `booking_approved`",
    **dict.fromkeys(TALENT_ASKED, "`TalentAsked`, by `talent_asked`; the answer by `talent_accepted`, `…_declined`"),
    **dict.fromkeys(TALENT_ANSWERED, "`TalentAccepted` and `TalentDeclined`, by the same"),
    **dict.fromkeys(TALENT_NOT_NEEDED, "`TalentRequestWithdrawn`, by `talent_no_longer_asked`"),
    **dict.fromkeys(BOOKING_REFUSED, "`BookingsRefused`, by `booking_refused`"),
    "Saved. Whoever plays": "`EngagementMoved`, by `show_moved`",
    "Organizations can apply now": "`RoundOpened`, by `slots_open`",
    "The leaders of all organizations": "`RoundOpened`, by `slots_open`",
    " Everybody who applied": "`RoundBooked`, by `slots_booked`",
    "Called off. Everybody who applied": "`RoundCalledOff`, by `slots_called_off`",
    **dict.fromkeys(HANDED_OVER, "`HandedToAnother`, by `handed_to_another`"),
    "You take it from somebody who counts on it": "`BookingsCancelled`, by `booking_called_off`",
}


def test_no_sentence_promises_to_tell_somebody_whom_nothing_tells() -> None:
    found = {
        entry.msgid
        for file in [ROOT / CATALOGUE, *ROOT.glob(f"weiyifang/*/{CATALOGUE}")]
        for entry in polib.pofile(str(file))
        if TELLS.search(" ".join([entry.msgstr, *entry.msgstr_plural.values()]))
    }
    untold = [one for one in found if not one.startswith(tuple(DONE_BY))]
    assert not untold, "name the reaction or the job that tells them in DONE_BY, or say less"


COUNTED = re.compile(
    r"%\((\w+)\)[sd] (?:more )?"
    r"(?:entries|places|seats|dates|guests|people|persons|years|days|hours|organizations|activities|events|members|reads)\b"
)
NEVER_ONE = {  # (which number, where): it is more than one whenever this is said
    "days": "of a rule: 90",
    "most": "organizations of a run: 300",
    "n": "the most a list shows, or days of a rule",
    "oldest": "years: nobody plans for those up to one year",
    "youngest": "as above",
    "age": "of a rule on who may come",
    "total": "seats of a drawing, read aloud",
    "seats": "of a committee: three at least",
}


def test_a_number_and_what_it_counts_agree_in_english() -> None:
    """No "1 entries": a sentence with a bare count is asked for with its plural (`ngettext`, `{% plural %}`)."""
    entries = [entry for one in catalogues() for entry in one.read()]
    alone = [entry.msgid for entry in entries if not entry.obsolete and not entry.msgid_plural]
    wrong = [said for said in alone if (found := COUNTED.search(said)) and found[1] not in NEVER_ONE]
    assert not wrong
