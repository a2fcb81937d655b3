"""Dictionaries: read from WordNet's and FreeDict's formats, written to files, and asked for words in any form."""

from __future__ import annotations

import re
import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from storefront.reading.dictionaries import building, files, freedict, wordnet
from storefront.reading.dictionaries.lookup import dictionaries_for, look_up
from storefront.reading.dictionaries.words import key_of
from tests.storefront.reading import dictionary_sources
from tests.storefront.reading.dictionary_sources import write_freedict, write_wordnet


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DICTIONARIES_DIR = tmp_path / "dictionaries"
    return settings.DICTIONARIES_DIR


@pytest.fixture
def english(tmp_path: Path, folder: Path) -> None:
    building.build_wordnet(write_wordnet(tmp_path / "wordnet"), folder)


@pytest.fixture
def german(tmp_path: Path, folder: Path) -> None:
    building.build_freedict(write_freedict(tmp_path / "dictd"), folder)


def build(**options: object) -> str:
    told = StringIO()
    call_command("build_dictionaries", stdout=told, **options)
    return told.getvalue()


def headwords(word: str, language: str = "en") -> list[str]:
    return [entry.headword for found in look_up(word, language) for entry in found.entries]


class TestWordNet:
    def test_meanings_have_examples_and_other_words(self, english: None) -> None:
        (found,) = look_up("quay", "en")
        (sense,) = found.entries[0].senses
        assert sense.text == "wharf usually built parallel to the shoreline"
        assert sense.examples == (("he came down to the quay", ""), ("a 'new' quay - Ann Reed", ""))
        assert look_up("axe", "en")[0].entries[0].senses[0].synonyms == ("ax",)

    def test_the_notice_is_kept(self, english: None) -> None:
        (found,) = look_up("quay", "en")
        assert found.about.credit == "WordNet 3.0 © Princeton University"
        assert found.about.notice == "This database may be used by anybody.\n\nWordNet 3.0 Copyright 2006."

    def test_words_that_differ_in_their_first_letter_are_two(self, english: None) -> None:
        assert sorted(headwords("polish")) == ["Polish", "polish"]

    def test_places_of_adjectives_are_no_part_of_them(self, english: None) -> None:
        assert headwords("happy") == ["happy"]


class TestFormsOfEnglish:
    @pytest.mark.parametrize(
        ("form", "base"),
        [
            ("Lamps", "lamp"), ("lamp’s", "lamp"), ("“lamp,”", "lamp"), ("la\u00admp", "lamp"), ("happier", "happy"),
            ("ran", "run"), ("falling", "fall"), ("looked up", "look up"), ("looks  up", "look up"),
            ("to-day", "today"), ("dining-parlour", "parlour"),
        ],
    )  # fmt: skip
    def test_are_found(self, english: None, form: str, base: str) -> None:
        assert headwords(form) == [base]

    def test_one_form_of_several_words_has_the_commonest_first(self, english: None) -> None:
        assert headwords("left") == ["leave", "left"]
        assert headwords("axes") == ["axe", "axis"]

    def test_endings_are_those_of_the_part_of_speech(self, english: None) -> None:
        assert headwords("lamping") == []
        assert headwords("todays") == []

    @pytest.mark.parametrize("word", ["", "  ", "…", "a lamp on the quay", "lamp" * 40, "\0", "🪔"])
    def test_what_is_no_word_has_nothing(self, english: None, word: str) -> None:
        assert look_up(word, "en") == []


class TestFreeDict:
    def test_senses_of_a_word_are_together_and_those_with_examples_first(self, german: None) -> None:
        (found,) = look_up("Haus", "de")
        (entry,) = found.entries
        assert (entry.headword, entry.grammar) == ("Haus", ("noun", "neuter"))
        assert [sense.text for sense in entry.senses] == ["house", "[adm.] establishment, institution"]
        assert entry.senses[0].examples == (("ein Haus bauen", "build a house"),)
        assert entry.senses[0].note == "a building"
        assert entry.senses[0].see == ("Häuser", "Hof", "Dach")
        assert entry.senses[1].synonyms == ("Anstalt", "Heim")

    def test_numbers_are_senses(self, german: None) -> None:
        assert [sense.text for sense in look_up("lieben", "de")[0].entries[0].senses] == ["love", "be fond of"]

    def test_the_gender_of_translations_stays(self, german: None) -> None:
        assert look_up("Bank", "de")[0].entries[0].senses[0].text == "Banque (f), banc (m)"

    def test_its_licence_is_kept(self, german: None) -> None:
        about = look_up("Haus", "de")[0].about
        assert (about.name, about.language, about.target) == ("German - English test dictionary", "de", "en")
        assert about.notice == (
            "Copyright (C) Ann Reed 2020\n\n"
            "Available under the terms of the GNU General Public License ver. 2.0 and any later version."
        )

    @pytest.mark.parametrize(
        ("form", "base"),
        [
            ("Häusern", "Haus"), ("liebten", "lieben"), ("schönsten", "schön"), ("ging", "gehen"),
            ("AA-Batterien", "AA-Batterie"), ("HAUS", "Haus"),
        ],
    )  # fmt: skip
    def test_forms_are_found(self, german: None, form: str, base: str) -> None:
        assert headwords(form, "de")[0] == base

    def test_beginnings_of_compounds_and_long_phrases_are_left_out(self, german: None, folder: Path) -> None:
        with sqlite3.connect(folder / f"freedict-deu-eng{files.SUFFIX}") as file:
            words = {word for (word,) in file.execute("SELECT headword FROM entry")}
        file.close()
        assert "Haus…" not in words
        assert not any("geheuer" in word for word in words)


class TestLanguages:
    def test_the_book_s_language_chooses(self, english: None, german: None) -> None:
        assert headwords("Haus", "en-GB") == []
        assert headwords("Haus", "de-AT") == ["Haus"]
        for language in ("", "fr", "x-klingon", "🪔", "mul"):
            assert dictionaries_for(language) == []

    def test_several_answer_and_explanations_come_before_translations(
        self, english: None, tmp_path: Path, folder: Path
    ) -> None:
        building.build_freedict(write_freedict(tmp_path / "dictd", "freedict-eng-deu", "A: English"), folder)
        names = [one.about.name for one in dictionaries_for("en")]
        assert names == ["WordNet 3.0", "A: English - English test dictionary"]


class TestFiles:
    def test_what_was_not_written_by_this_is_no_dictionary(self, folder: Path) -> None:
        folder.mkdir()
        (folder / f"broken{files.SUFFIX}").write_bytes(b"no database at all" * 100)
        (folder / f"empty{files.SUFFIX}").touch()
        assert dictionaries_for("en") == []

    def test_a_replaced_file_is_used_at_once(self, english: None, tmp_path: Path, folder: Path, monkeypatch) -> None:
        assert headwords("harbour") == []
        more = [*dictionary_sources.SYNSETS, ("noun", ["harbour"], "a sheltered port")]
        monkeypatch.setattr(dictionary_sources, "SYNSETS", more)
        building.build_wordnet(write_wordnet(tmp_path / "wordnet"), folder)
        assert headwords("harbour") == ["harbour"]

    def test_a_failed_build_leaves_the_one_that_is_there(
        self, english: None, tmp_path: Path, folder: Path, monkeypatch
    ) -> None:
        before = sorted(folder.iterdir())
        (tmp_path / "wordnet" / "data.verb").write_text("00000001 broken\n", encoding="utf-8")
        with pytest.raises(ValueError, match="not enough"):
            building.build_wordnet(tmp_path / "wordnet", folder)
        assert sorted(folder.iterdir()) == before
        assert headwords("ran") == ["run"]


class TestCommand:
    def test_says_counts_sizes_and_time(self, tmp_path: Path, folder: Path) -> None:
        source, index = write_wordnet(tmp_path / "wordnet"), write_freedict(tmp_path / "dictd")
        told = build(wordnet=source, freedict=[index])
        assert re.search(r"WordNet 3\.0: 21 entries, 22 senses, 0\.\d MiB, \d+\.\d s", told), told
        assert re.search(r"German - English test dictionary: 8 entries, 10 senses, 0\.\d MiB", told), told

    def test_does_nothing_twice(self, tmp_path: Path, folder: Path) -> None:
        source = write_wordnet(tmp_path / "wordnet")
        build(wordnet=source, freedict=[])
        (made,) = folder.iterdir()
        written = made.stat().st_mtime_ns
        assert "WordNet 3.0: unchanged" in build(wordnet=source, freedict=[])
        assert made.stat().st_mtime_ns == written
        assert "21 entries" in build(wordnet=source, freedict=[], again=True)

    def test_finds_what_is_installed(self, tmp_path: Path, folder: Path, monkeypatch) -> None:
        write_wordnet(tmp_path / "wordnet")
        write_freedict(tmp_path / "dictd")
        monkeypatch.setattr(building, "WORDNET_DIR", tmp_path / "wordnet")
        monkeypatch.setattr(building, "FREEDICT_DIR", tmp_path / "dictd")
        build()
        assert sorted(path.stem for path in folder.iterdir()) == ["freedict-deu-eng", "wordnet"]

    def test_names_the_packages_that_are_missing(self, tmp_path: Path, folder: Path, monkeypatch) -> None:
        monkeypatch.setattr(building, "WORDNET_DIR", tmp_path / "nothing")
        monkeypatch.setattr(building, "FREEDICT_DIR", tmp_path / "nothing")
        told = StringIO()
        with pytest.raises(CommandError, match="No dictionary was made"):
            call_command("build_dictionaries", stdout=told)
        assert "apt install wordnet-base" in told.getvalue()
        assert "apt install dict-freedict-deu-eng" in told.getvalue()

    def test_refuses_what_is_no_source(self, tmp_path: Path, folder: Path) -> None:
        with pytest.raises(CommandError, match=r"has no data\.noun"):
            build(wordnet=tmp_path)
        (tmp_path / "other.index").touch()
        with pytest.raises(CommandError, match=r"other\.index is no freedict"):
            build(wordnet=write_wordnet(tmp_path / "wordnet"), freedict=[tmp_path / "other.index"])


def test_keys_are_without_case_and_what_stands_around() -> None:
    assert key_of(" „Straße“! ") == "strasse"
    assert key_of("E\u0301TE\u0301") == "été"
    assert key_of("don’t") == "don't"


@pytest.mark.skipif(
    not (building.WORDNET_DIR / "data.noun").exists(), reason="needs WordNet (apt-get install wordnet-base)"
)
def test_wordnet_has_nearly_all_words_of_a_novel(corpus: Path, folder: Path) -> None:
    """All words that begin with a small letter; what it lacks are pronouns and prepositions."""
    assert wordnet.about(building.WORDNET_DIR).notice.count("Princeton University") == 4
    built = building.build_wordnet(building.WORDNET_DIR, folder)
    assert built.counts is not None
    assert built.counts.senses > 200_000
    novel = (corpus / "pride-and-prejudice" / "pride-and-prejudice.txt").read_text(encoding="utf-8")
    forms = {word for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", novel) if word[0].islower()}
    assert len(forms) > 6_000
    known = [form for form in forms if look_up(form, "en")]
    assert len(known) / len(forms) >= 0.97


def test_a_name_says_the_languages() -> None:
    assert freedict.languages(Path("freedict-deu-eng.index")) == ("de", "en")
    assert freedict.languages(Path("freedict-ckb-kmr.index")) == ("ckb", "kmr")
