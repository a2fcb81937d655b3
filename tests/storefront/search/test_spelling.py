from __future__ import annotations

import pytest

from storefront.search.spelling import edits, is_correctable


class TestEdits:
    @pytest.mark.parametrize("other", ["hamlte", "hmlet", "hamplet", "hamlot", "hamlets", "ahmlet"])
    def test_have_every_spelling_one_slip_away(self, other: str) -> None:
        assert other in edits("hamlet")
        assert "hamlet" in edits(other)

    @pytest.mark.parametrize("other", ["hemlot", "ham", "hamlet", "mahlet"])
    def test_have_no_other(self, other: str) -> None:
        assert other not in edits("hamlet")

    @pytest.mark.parametrize(
        ("word", "slip"),
        [
            ("кошка", "кошкп"),
            ("λογος", "λογοσι"),
            ("ספרים", "ספריב"),
            ("كتاب", "كتاد"),
            ("किताब", "किताप"),
            ("საქმე", "საქმა"),
        ],
    )
    def test_know_other_alphabets(self, word: str, slip: str) -> None:
        assert slip.replace("ς", "σ") in edits(word.replace("ς", "σ"))

    def test_of_three_letters_only_get_one_more(self) -> None:
        assert "boat" in edits("oat")
        assert "ate" not in edits("ate") | edits("oat")
        assert {len(one) for one in edits("oat")} == {4}


@pytest.mark.parametrize("word", ["ab", "1984", "吾輩", "x" * 40])
def test_short_words_numbers_and_pairs_are_left_as_they_are(word: str) -> None:
    assert not is_correctable(word)
