"""Thema as authors search it: in the trade's words, by heading and by code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation

from publishing import thema
from publishing.record import thema_codes
from publishing.record.errors import MainSubjectIsQualifier, SubjectUnknown, TooManySubjects

DATA = Path(thema_codes.__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class TestScheme:
    def test_is_that_of_the_version_that_we_name(self) -> None:
        codes = [row["code"] for row in rows("thema-1.2.tsv")]
        assert thema.VERSION == "1.2"
        assert len(codes) == len(set(codes)) == 6748
        assert sum(map(thema_codes.is_qualifier, codes)) == 4036

    def test_has_every_subject_by_which_readers_browse(self) -> None:
        assert [code for code in (*thema.SECTIONS, *thema.SUBJECTS) if not thema_codes.is_known(code)] == []

    def test_has_every_code_that_trade_words_lead_to_once(self) -> None:
        codes = [row["code"] for row in rows("trade-words.tsv")]
        assert [code for code in codes if not thema_codes.is_known(code)] == []
        assert len(codes) == len(set(codes))

    @pytest.mark.parametrize(("code", "scheme"), [("FFJ", "93"), ("1DDU", "94"), ("3MN", "96"), ("5AC", "98")])
    def test_knows_the_list_of_each_code(self, code: str, scheme: str) -> None:
        assert thema_codes.is_known(code)
        assert thema_codes.scheme(code) == scheme


class TestHeading:
    def test_is_ours_where_readers_browse_and_the_schemes_below(self) -> None:
        assert thema_codes.heading("FF") == "Crime and mystery"
        assert thema_codes.heading("FFJ") == "Crime & mystery: cosy mystery"

    def test_is_in_the_language_of_the_page(self) -> None:
        with translation.override("de"):
            assert thema_codes.heading("FRH") == "Historische Liebesromane"

    @pytest.mark.parametrize("code", ["", "ZZ", "9A"])
    def test_of_an_unknown_code_is_empty(self, code: str) -> None:
        assert thema_codes.heading(code) == ""


class TestSearch:
    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ("cosy mystery", "FFJ"),
            ("cozy mysteries", "FFJ"),
            ("romantasy", "FMR"),
            ("space opera", "FLS"),
            ("memoir", "DNC"),
            ("true crime", "DNXC"),
            ("ffl", "FFL"),
            ("Historischer Krimi", "FFH"),
            ("Jugendfantasy", "YFH"),
            ("christmas", "5HPD"),
            ("First World War fiction", "FJMF"),
            ("self-help", "VSPM"),
        ],
    )
    def test_finds_it_first(self, asked: str, code: str) -> None:
        found = thema_codes.search(asked)
        assert found[0].code == code, [one.code for one in found]

    @pytest.mark.parametrize("asked", ["", "   ", "xyzzyx", "…", "cosy xyzzyx"])
    def test_finds_nothing_else(self, asked: str) -> None:
        assert thema_codes.search(asked) == []

    def test_shows_where_a_subject_is(self) -> None:
        assert thema_codes.search("cosy mystery")[0].path == "Fiction › Crime and mystery"

    def test_is_short(self) -> None:
        assert len(thema_codes.search("history")) <= 12


class TestCheck:
    def test_takes_three_and_three_that_narrow(self) -> None:
        thema_codes.check(["FFJ", "FRM", "FV", "1DDU", "3MN", "5AC"])
        thema_codes.check([])

    @pytest.mark.parametrize(
        ("codes", "error"),
        [
            (["ZZ"], SubjectUnknown),
            (["FFJ", "<script>"], SubjectUnknown),
            (["1DDU"], MainSubjectIsQualifier),
            (["5AC", "FFJ"], MainSubjectIsQualifier),
            (["FFJ", "FRM", "FV", "FS"], TooManySubjects),
            (["FFJ", "1DDU", "3MN", "5AC", "5HPD"], TooManySubjects),
        ],
    )
    def test_refuses(self, codes: list[str], error: type[Exception]) -> None:
        with pytest.raises(error):
            thema_codes.check(codes)
