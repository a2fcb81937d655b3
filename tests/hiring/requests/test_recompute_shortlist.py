"""The formula of shortlists, and the script that recomputes one from its public file."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.requests import recompute_shortlist as formula
from hiring.requests.recompute_shortlist import RULES, Candidate, Rules, Wanted, points_of, reasons, shortlist

WANTED = Wanted(
    request="rqt_1", kind="copy_editing", language="en", genre="FF", words=80_000, budget_minor=50_000, currency="USD"
)
FITS = Candidate(
    offer="ofr_1", kind="copy_editing", languages=(("en", ""),), genres=("FF",), price_minor=40_000, currency="USD"
)

_LANGUAGES = st.sampled_from([("en", ""), ("de", ""), ("en-GB", ""), ("en", "de")])
_GENRES = st.sampled_from(["FF", "FH", "FM", "YB", "N"])
_COUNTS = st.integers(0, 40)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(0, 30))):
        counted, delivered = draw(_COUNTS), draw(_COUNTS)
        found.append(
            Candidate(
                offer=f"ofr_{number}",
                kind=draw(st.sampled_from(["copy_editing", "copy_editing", "proofreading"])),
                languages=tuple(draw(st.lists(_LANGUAGES, max_size=3))),
                genres=tuple(draw(st.lists(_GENRES, max_size=3))),
                shown_genres=tuple(draw(st.lists(_GENRES, max_size=2))),
                price_minor=draw(st.none() | st.integers(1, 100_000)),
                currency=draw(st.sampled_from(["USD", "USD", "EUR"])),
                places=draw(st.integers(0, 2)),
                is_away=draw(st.booleans()),
                was_asked=draw(st.booleans()),
                counted=counted,
                kept=draw(st.integers(0, counted)),
                delivered=delivered,
                in_time=draw(st.integers(0, delivered)),
                ended=draw(_COUNTS),
                recent_places=draw(st.integers(0, 9)),
            )
        )
    return found


class TestReasons:
    def test_none_for_an_offer_that_fits(self):
        assert reasons(WANTED, FITS) == ()

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"kind": "proofreading"}, "kind"),
            ({"languages": (("de", ""),)}, "languages"),
            ({"languages": ()}, "languages"),
            ({"price_minor": 50_001}, "budget"),
            ({"currency": "EUR"}, "budget"),
            ({"price_minor": None, "currency": ""}, "share"),
            ({"places": 0}, "no_place"),
            ({"is_away": True}, "away"),
            ({"was_asked": True}, "asked"),
        ],
        ids=str,
    )
    def test_each_alone(self, change, reason):
        assert reasons(WANTED, replace(FITS, **change)) == (reason,)

    def test_no_budget_takes_every_price_in_every_currency(self):
        free = replace(WANTED, budget_minor=None)
        assert reasons(free, replace(FITS, price_minor=10**9, currency="EUR")) == ()

    def test_a_share_is_taken_where_the_client_gives_one(self):
        assert reasons(replace(WANTED, takes_share=True), replace(FITS, price_minor=None, currency="")) == ()

    @pytest.mark.parametrize(
        ("wanted", "offered", "fits"),
        [
            (("en-GB", ""), ("en", ""), True),
            (("en", ""), ("en-GB", ""), True),
            (("en-GB", ""), ("en-US", ""), False),
            (("en", "de"), ("en", "de-AT"), True),
            (("en", "de"), ("en", "fr"), False),
            (("fr", "de"), ("en", "de"), False),
        ],
    )
    def test_languages_with_and_without_a_region(self, wanted, offered, fits):
        asked = replace(WANTED, language=wanted[0], target=wanted[1])
        assert formula.speaks(asked, replace(FITS, languages=(offered,))) is fits


class TestPoints:
    @pytest.mark.parametrize(
        ("wanted", "genres", "points"),
        [("FF", ("FF",), 300), ("FFH", ("FF",), 200), ("FF", ("FH", "FM"), 100), ("FF", ("YB",), 0), ("", ("FF",), 0)],
    )
    def test_of_genre(self, wanted, genres, points):
        assert points_of(replace(WANTED, genre=wanted), replace(FITS, genres=genres)).genre == points

    @pytest.mark.parametrize(
        ("counts", "record", "on_time"),
        [
            ({}, 375, 75),
            ({"counted": 6, "kept": 6, "delivered": 6, "in_time": 6}, 450, 90),
            ({"counted": 6, "kept": 0, "delivered": 6, "in_time": 0}, 150, 30),
        ],
        ids=str,
    )
    def test_of_the_record(self, counts, record, on_time):
        found = points_of(WANTED, replace(FITS, **counts))
        assert (found.record, found.on_time) == (record, on_time)

    def test_of_a_sample_in_the_very_genre_alone(self):
        assert points_of(WANTED, replace(FITS, shown_genres=("FF",))).shown == 100
        assert points_of(WANTED, replace(FITS, shown_genres=("FH",))).shown == 0

    @given(candidates(), st.integers(1, 10**7))
    @settings(max_examples=30, deadline=None)
    def test_price_gives_none(self, found, price):
        for one in found:
            assert points_of(WANTED, one) == points_of(WANTED, replace(one, price_minor=price))


class TestShortlist:
    @given(candidates(), st.randoms())
    @settings(max_examples=60, deadline=None)
    def test_does_not_depend_on_the_order_of_the_candidates(self, found, chance):
        mixed = list(found)
        chance.shuffle(mixed)
        assert shortlist(WANTED, found) == shortlist(WANTED, mixed)

    @given(candidates())
    @settings(max_examples=60, deadline=None)
    def test_places_or_counts_everybody(self, found):
        made = shortlist(WANTED, found)
        assert made.fitting + sum(made.left_out.values()) == len(found)
        assert len(made.places) == min(made.fitting, RULES.places)
        assert [one.place for one in made.places] == list(range(1, len(made.places) + 1))
        fitting = {one.offer for one in found if not reasons(WANTED, one)}
        assert {one.offer for one in made.places} <= fitting
        assert len({one.offer for one in made.places}) == len(made.places)

    @given(candidates())
    @settings(max_examples=60, deadline=None)
    def test_keeps_two_places_for_newcomers_and_gives_the_others_by_points(self, found):
        by_offer = {one.offer: one for one in found}
        made = shortlist(WANTED, found)
        assert all(by_offer[one.offer].ended < RULES.newcomer_below for one in made.places if one.is_newcomers)
        assert {one.place for one in made.places if one.is_newcomers} <= set(RULES.newcomer_places)
        totals = [one.points.total for one in made.places if not one.is_newcomers]
        assert totals == sorted(totals, reverse=True)

    def test_newcomers_with_the_fewest_places_come_first(self):
        old = [replace(FITS, offer=f"old_{n}", ended=9, counted=9, kept=9) for n in range(8)]
        new = [replace(FITS, offer=f"new_{n}", recent_places=5 - n) for n in range(3)]
        placed = [one.offer for one in shortlist(WANTED, old + new).places]
        assert placed[3] == "new_2"
        assert placed[7] == "new_1"
        assert sum(one.startswith("old") for one in placed) == 6

    def test_without_newcomers_all_places_go_by_points(self):
        old = [replace(FITS, offer=f"old_{n}", ended=9, counted=9, kept=n) for n in range(9)]
        made = shortlist(WANTED, old)
        assert not any(one.is_newcomers for one in made.places)
        assert made.places[0].offer == "old_8"

    def test_equal_points_go_by_a_hash_that_differs_by_request(self):
        same = [replace(FITS, offer=f"ofr_{n}") for n in range(8)]
        plain = Rules(newcomer_places=())
        one = [place.offer for place in shortlist(WANTED, same, plain).places]
        other = [place.offer for place in shortlist(replace(WANTED, request="rqt_2"), same, plain).places]
        assert one != other
        assert one == [place.offer for place in shortlist(WANTED, same[::-1], plain).places]

    def test_counts_each_by_its_first_reason(self):
        dear = [replace(FITS, offer=f"dear_{n}", price_minor=60_000, places=0) for n in range(7)]
        full = [replace(FITS, offer=f"full_{n}", places=0) for n in range(5)]
        assert shortlist(WANTED, dear + full).left_out == {"budget": 7, "no_place": 5}

    def test_shows_near_misses_where_the_list_is_short(self):
        found = [
            FITS,
            replace(FITS, offer="a bit dear", price_minor=52_000),
            replace(FITS, offer="too dear", price_minor=90_000),
            replace(FITS, offer="two reasons", price_minor=52_000, places=0),
            replace(FITS, offer="other language", languages=(("de", ""),)),
            replace(FITS, offer="other currency", currency="EUR"),
            replace(FITS, offer="away", is_away=True),
            replace(FITS, offer="full", places=0),
        ]
        missed = shortlist(WANTED, found).near_misses
        assert [(one.offer, one.reason, one.by_minor) for one in missed] == [
            ("full", "no_place", 0),
            ("a bit dear", "budget", 2_000),
            ("too dear", "budget", 40_000),
        ]

    def test_shows_none_where_the_list_is_full(self):
        found = [replace(FITS, offer=f"ofr_{n}") for n in range(8)]
        assert shortlist(WANTED, [*found, replace(FITS, offer="dear", price_minor=60_000)]).near_misses == ()

    def test_nobody_fits_nobody_is_placed(self):
        assert shortlist(WANTED, []) == formula.Shortlist(())


class TestScript:
    """As anybody runs it: alone, without the shop."""

    def run(self, folder: Path, data: object) -> subprocess.CompletedProcess[str]:
        script, file = folder / "recompute_shortlist.py", folder / "shortlist.json"
        script.write_bytes(Path(formula.__file__).read_bytes())
        file.write_text(json.dumps(data))
        command = [sys.executable, "-I", "-S", str(script), str(file)]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    def published(self):
        found = [replace(FITS, offer=f"ofr_{n}", counted=n, kept=n // 2, places=n % 5) for n in range(20)]
        return json.loads(json.dumps(formula.to_json(WANTED, found, shortlist(WANTED, found), made_at="2026-12-01")))

    def test_says_that_the_places_are_right(self, tmp_path):
        done = self.run(tmp_path, self.published())
        assert (done.returncode, done.stderr) == (0, "")
        assert "8. ofr_" in done.stdout
        assert "4 no_place" in done.stdout
        assert "The same as the places in the file." in done.stdout

    def test_says_that_places_were_changed(self, tmp_path):
        data = self.published()
        data["places"][0], data["places"][1] = (
            data["places"][1] | {"place": 1},
            data["places"][0] | {"place": 2},
        )
        assert self.run(tmp_path, data).returncode == 1

    @pytest.mark.parametrize(
        "change", [{"kept": 99, "counted": 99}, {"places": 0}, {"genres": []}, {"price_minor": 1_000_000}], ids=str
    )
    def test_says_that_inputs_were_changed(self, tmp_path, change):
        data = self.published()
        first = data["places"][0]["offer"] if "kept" not in change else data["places"][7]["offer"]
        for one in data["candidates"]:
            if one["offer"] == first:
                one.update(change)
        assert self.run(tmp_path, data).returncode == 1

    def test_refuses_a_format_it_does_not_know(self, tmp_path):
        done = self.run(tmp_path, self.published() | {"format": "octavo-shortlist/2"})
        assert done.returncode == 2
        assert "Download the program again" in done.stdout

    def test_keeps_to_plain_python(self):
        assert "django" not in Path(formula.__file__).read_text().lower()
