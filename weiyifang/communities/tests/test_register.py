"""The official register: what is in it, how it is found, what happens when the file is damaged."""

from __future__ import annotations

import json
import runpy
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from weiyifang.communities import register
from weiyifang.communities.register import Place
from weiyifang.communities.register_file import DATA, RegisterDamaged, RegisterTables, load

NANHU = 500108002001
RECORD = tomllib.loads((DATA / "register.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def tables() -> RegisterTables:
    return load()


def names(found: list[Place]) -> list[str]:
    return [place.path for place in found]


def codes(text: str, limit: int = 20) -> list[int]:
    return [place.code for place in register.find(text, limit)]


# -- what is in it


def test_nanhu_is_where_it_is() -> None:
    place = register.place(NANHU)
    assert place == Place(
        NANHU, "南湖社区居民委员会", "南湖社区", "花园路街道", "南岸区", city="重庆市", province="重庆市"
    )
    assert place.path == "重庆市 南岸区 花园路街道 南湖社区居民委员会"


def test_it_holds_as_many_places_and_regions_as_its_record_says(tables: RegisterTables) -> None:
    count = RECORD["count"]
    assert len(tables.names) == len(tables.serials) == tables.firsts[-1] == count["places"] == 620_573
    regions = sum(count[level] for level in ("provinces", "cities", "districts", "streets"))
    assert len(tables.regions) == len(tables.region_names) == regions
    assert sum(region.places for region in register.children()) == count["places"]


def test_the_record_says_where_it_comes_from() -> None:
    source = RECORD["source"]
    assert source["licence"] == "WTFPL"
    assert source["as_of"] < source["published"]
    assert source["version"]


def test_codes_ascend_and_no_name_is_empty(tables: RegisterTables) -> None:
    every = range(0, len(tables.names), 97)
    found = [tables.code(number) for number in every]
    assert found == sorted(set(found))
    assert all(tables.name(number) for number in every)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        (110101001001, "北京市 东城区 东华门街道 多福巷社区居委会"),  # a municipality's city is only 市辖区
        (500229001001, None),  # a county of Chongqing, under 5002 县
        (441900003001, "广东省 东莞市 东城街道 岗贝社区居民委员会"),  # a city without districts
        (429004001001, "湖北省 仙桃市 沙嘴街道 王市口居委会"),  # no city between it and the province
    ],
)
def test_the_levels_that_are_only_lines_on_paper_are_left_out(code: int, path: str | None) -> None:
    place = register.place(code)
    assert place is not None
    assert not {"市辖区", "县", "省直辖县级行政区划"} & set(place.path.split())
    assert path is None or place.path == path


def test_dongguan_has_no_district_and_xiantao_no_city() -> None:
    dongguan, xiantao = register.place(441900003001), register.place(429004001001)
    assert dongguan is not None
    assert xiantao is not None
    assert (dongguan.district, dongguan.city) == ("", "东莞市")
    assert (xiantao.district, xiantao.city) == ("仙桃市", "")


@pytest.mark.parametrize("code", [0, 1, 500108002, 500108002999, 999999999999, "", "南湖", "50010800200１x", "-1"])
def test_a_code_nobody_has_is_no_place(code: int | str) -> None:
    assert register.place(code) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("南湖社区居民委员会", "南湖社区"),
        ("南湖社区居委会", "南湖社区"),
        ("李家村民委员会", "李家村"),
        ("新村村委会", "新村"),
        ("东马蓬居民委员会", "东马蓬居委会"),
        ("达木嘎查村民委员会", "达木嘎查"),
        ("郭庄村（居）委会", "郭庄村"),
        ("社区居委会", "社区居委会"),  # some places have no other name
        ("九〇九虚拟生活区", "九〇九虚拟生活区"),
    ],
)
def test_the_short_name_is_what_neighbours_say(name: str, short: str) -> None:
    assert register.short_name(name) == short


def test_rare_characters_come_back_as_they_were() -> None:
    rare = [character for character in "𡌶𡐓𣒍" if any(character in place.name for place in register.find(character))]
    assert rare == list("𡌶𡐓𣒍")


# -- finding


@pytest.mark.parametrize(
    "text",
    [
        "重庆 南湖",
        "南湖 重庆",
        "重庆南湖",
        "南岸区南湖",
        "南湖南岸区",
        "南岸 南湖社区",
        "花园路街道 南湖社区",
        "花园路　南湖",
        "重庆市南岸区花园路街道南湖社区居民委员会",
        "重庆市/南岸区/花园路街道/南湖社区居委会",
        "500108 南湖",
        "500108002001",
        "500108 002 001",
        "500108-002-001",
        "５００１０８００２００１",
        "  500108002001\n",
    ],
)
def test_nanhu_is_found_first_by(text: str) -> None:
    assert codes(text)[0] == NANHU


def test_a_bare_name_puts_whole_names_first_then_beginnings_then_parts() -> None:
    found = register.find("南湖", 1000)
    kinds = [
        0
        if place.short_name in {"南湖社区", "南湖村", "南湖", "南湖居委会", "南湖嘎查"}
        else 2
        if not place.name.startswith("南湖")
        else 1
        for place in found
        if "南湖" in place.name
    ]
    assert kinds == sorted(kinds)
    assert set(kinds) == {0, 1, 2}
    assert NANHU in [place.code for place in found]


def test_the_name_exactly_as_written_comes_before_the_same_with_another_ending() -> None:
    for ending in ("居委会", "居民委员会"):
        found = register.find(f"南湖社区{ending}", 60)
        exact = [place.name == f"南湖社区{ending}" for place in found]
        assert exact[0]
        assert exact == sorted(exact, reverse=True)
        assert {place.short_name for place in found if place.name.startswith("南湖社区")} >= {"南湖社区"}


def test_a_part_of_a_name_is_enough() -> None:
    assert "黄寺大街24号社区居委会" in [place.name for place in register.find("24号社区")]


def test_the_name_of_a_region_alone_lists_its_places() -> None:
    assert {place.district for place in register.find("南岸区", 20)} == {"南岸区"}
    assert {place.street for place in register.find("花园路街道 重庆", 20)} == {"花园路街道"}


def test_the_beginning_of_a_code_lists_what_lies_there() -> None:
    found = codes("500108002", 100)
    assert found == [region.code for region in register.children(500108002)]
    assert codes("50010800200", 100) == [code for code in found if code // 10 == 50010800200]


def test_a_code_must_be_one_code_not_two_regions() -> None:
    assert codes("5050") == []
    assert codes("500108002001001") == []


def test_several_words_must_all_be_in_the_name() -> None:
    found = register.find("黄寺 24号")
    assert [place.name for place in found] == ["黄寺大街24号社区居委会"]


def test_limit_cuts_and_the_order_stays() -> None:
    long = codes("和平", 50)
    assert len(long) == 50
    assert codes("和平", 5) == long[:5]
    assert codes("和平", 50) == long
    assert codes("和平", 0) == codes("和平", -1) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u3000",
        "这个地方从来没有过",
        "x" * 100_000,
        "南湖" * 1_000,
        "县 市 区 镇 村 社 居 委 会",
        ".*",
        "[南",
        "(?:a+)+$",
        "\\",
        "%",
        "_",
        "'; drop table",
        "\x00",
        "\ud800",
        "南\n湖\n不\n在",
        ",,,///",
    ],
)
def test_nonsense_finds_nothing_and_breaks_nothing(text: str) -> None:
    assert register.find(text) == []


@given(number=st.integers(0, RECORD["count"]["places"] - 1), form=st.sampled_from(["{d} {n}", "{n} {d}", "{d}{n}"]))
@settings(max_examples=60, deadline=None)
def test_every_place_is_found_by_its_name_and_its_district(tables: RegisterTables, number: int, form: str) -> None:
    place = register.place(tables.code(number))
    assert place is not None
    assert place in register.find(form.format(d=place.district or place.city, n=place.name), 100)


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_at_most_the_limit_and_nothing_twice(text: str) -> None:
    found = codes(text, 7)
    assert len(found) == len(set(found)) <= 7


# -- browsing


def test_browsing_goes_down_to_nanhu() -> None:
    assert (50, "重庆市") in [(region.code, region.name) for region in register.children()]
    districts = [region.code for region in register.children(50)]
    assert 500108 in districts  # over 5001 市辖区
    assert 500229 in districts  # over 5002 县
    assert (500108002, "花园路街道") in [(region.code, region.name) for region in register.children("500108")]
    assert NANHU in [region.code for region in register.children(500108002)]


def test_browsing_steps_over_a_district_that_is_the_city_again() -> None:
    assert "东城街道" in [region.name for region in register.children(4419)]
    assert "仙桃市" in [region.name for region in register.children(42)]


@pytest.mark.parametrize("prefix", [9, 5, 99, 50010, NANHU, "x", "五十"])
def test_no_such_region_has_nothing_in_it(prefix: int | str) -> None:
    assert register.children(prefix) == []


def test_a_region_has_a_name() -> None:
    assert [register.region_name(code) for code in (50, 500108, "500108002", 51, 77)] == [
        "重庆市", "南岸区", "花园路街道", "四川省", "",
    ]  # fmt: skip


# -- the file


@pytest.mark.parametrize("harm", ["bit", "short", "empty"])
def test_a_damaged_file_is_refused_with_a_sentence(tmp_path: Path, harm: str) -> None:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    packed = tmp_path / "register.xz"
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 1
    packed.write_bytes({"bit": bytes(content), "short": bytes(content[:1000]), "empty": b""}[harm])
    with pytest.raises(RegisterDamaged, match=r"register\.xz"):
        load(tmp_path)


pack: Callable[[list[tuple[int, str]], list[tuple[int, str]]], bytes] = runpy.run_path(
    str(Path(__file__).parents[3] / "tools" / "make_register.py")
)["pack"]
REGIONS = [(50, "重庆市"), (5001, "市辖区"), (500108, "南岸区"), (500108002, "花园路街道")]


def test_the_maker_gives_the_same_bytes_and_they_read_back() -> None:
    places = [(NANHU, "南湖社区居民委员会"), (500108002009, "𡌶村村委会")]
    packed = pack(REGIONS, places)
    assert packed == pack(REGIONS, places)
    read = RegisterTables(packed)
    assert [(read.code(number), read.name(number)) for number in range(2)] == places
    assert [(code, read.region_name(code)) for code, _name in REGIONS] == REGIONS


@pytest.mark.parametrize(
    "places",
    [
        [(500108003001, "街道没有")],
        [(NANHU, "重复"), (NANHU, "重复")],
        [(NANHU, "")],
        [(NANHU, "空 \n")],
        [(500108002, "短码")],
    ],
)
def test_the_maker_refuses_tables_it_cannot_keep(places: list[tuple[int, str]]) -> None:
    with pytest.raises(ValueError):
        pack(REGIONS, places)


# -- what is not shown


def test_a_search_says_how_many_it_does_not_show_and_where_they_lie() -> None:
    answer = register.search("南湖", 20)
    everything = register.find("南湖", 1000)
    assert answer.places == everything[:20] == register.find("南湖", 20)
    assert NANHU not in [place.code for place in answer.places]
    assert len(answer.places) + answer.more == len(everything)
    assert sum(part.places for part in answer.narrower) == answer.more
    (chongqing,) = [part for part in answer.narrower if part.region == "重庆市"]
    assert NANHU in codes(chongqing.text)


@pytest.mark.parametrize("text", ["李家村", "南湖社区居委会", "花园路街道", "重庆市南岸区", "500108", "东莞", "仙桃"])
def test_whatever_is_not_shown_is_found_by_one_of_the_narrower_searches(text: str) -> None:
    answer = register.search(text, 20)
    hidden = {place.code for place in register.find(text, 1000)[20:]}
    assert len(hidden) == answer.more > 0
    assert hidden <= {code for part in answer.narrower for code in codes(part.text, 1000)}


@pytest.mark.parametrize("text", ["村", "社区 村", "重庆 村", "50"])
def test_what_nobody_has_counted_to_the_end_is_not_passed_off_as_counted(text: str) -> None:
    answer = register.search(text, 20)
    assert answer.is_least
    assert answer.more > 900
    assert answer.narrower == []
    assert answer.example


def test_what_is_shown_whole_leaves_nothing_unsaid() -> None:
    assert register.search("重庆 南湖", 20).more == 0
    assert register.search("这个地方从来没有过", 20) == register.Answer([], 0, False, [])


# -- the command


def test_the_command_finds_shows_and_browses(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("register", "find", "重庆", "南湖")
    assert "500108002001" in capsys.readouterr().out
    call_command("register", "show", "500108", "002001")
    assert "花园路街道" in capsys.readouterr().out
    call_command("register", "browse", "500108")
    assert "花园路街道" in capsys.readouterr().out
    call_command("register", "browse")
    assert "重庆市" in capsys.readouterr().out


def test_the_command_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("register", "find", "南湖", "--limit", "3", "--json")
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 3
    assert found[0].keys() == {"code", "name", "short_name", "street", "district", "city", "province"}
    call_command("register", "show", str(NANHU), "--json")
    assert json.loads(capsys.readouterr().out)["short_name"] == "南湖社区"


def test_the_command_is_not_silent_about_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("register", "find", "南湖")
    said = capsys.readouterr().out
    more = register.search("南湖", 20).more
    assert str(more) in said
    assert "--limit" in said
    assert "重庆市 " in said
    call_command("register", "find", "南湖", "--json")
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 20
    assert str(more) in told.err
    call_command("register", "find", "重庆", "南湖")
    assert "--limit" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [("find", "这个地方从来没有过"), ("show", "500108002999"), ("browse", "77")])
def test_the_command_says_what_to_try_and_ends_with_1(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("register", *words)
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words[1] in printed.err


def test_the_command_wants_a_sensible_limit() -> None:
    with pytest.raises(CommandError):
        call_command("register", "find", "南湖", "--limit", "0")
