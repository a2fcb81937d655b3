from __future__ import annotations

import unicodedata

from storefront.selectors import folding


def test_letters_lose_case_and_marks_one_by_one() -> None:
    for number in (*range(0x80, 0x2070), *range(0xAC00, 0xAC40)):
        letter = chr(number)
        decomposed = unicodedata.normalize("NFKD", letter.casefold())
        plain = "".join(one for one in decomposed if not unicodedata.combining(one)).translate(folding._LETTERS)
        words = folding._WORDS.findall(unicodedata.normalize("NFC", plain))
        assert folding.fold_words(letter) == words, hex(number)


def test_words_of_other_languages() -> None:
    assert folding.fold_words("L'Été, Łódź & Ægir’s Straße") == ["l", "ete", "lodz", "aegir", "s", "strasse"]


def test_vowel_signs_belong_to_their_word() -> None:
    assert folding.fold_words("हिन्दी किताब") == ["हिनदी", "किताब"]
    assert folding.fold_words("ั a") == ["a"]  # one alone is none


def test_scripts_without_spaces_are_asked_for_in_pairs() -> None:
    assert folding.fold_words("吾輩は猫") == ["吾輩", "輩は", "は猫"]
    assert folding.fold_words("1Q84の世界") == ["1q84", "の世", "世界"]
    assert folding.fold_words("がか 猫") == ["がか", "猫"]
    assert folding.fold_words("한국어 책") == ["한국어", "책"]


def test_letters_of_pairs_are_found_alone_too() -> None:
    assert folding.folded("東京 タワー", "猫", "Tower") == "東京 タワ ワー 東 京 タ ワ ー\n猫\ntower"


def test_what_is_long_without_spaces_is_not_cut() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(60))
    assert len(folding.fold_words(text)) == 59
    assert folding.fold_words("x" * 60) == ["x" * 40]


def test_each_letter_is_folded_by_itself() -> None:
    """As the whole text would be: what composes anew does, whatever else stands around."""
    text = "".join(chr(number) + "か\u3099e\u0301ΑΣ " for number in (*range(0x20, 0x3200), *range(0xAC00, 0xAC40)))
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in decomposed if one in folding._VOICED or not unicodedata.combining(one))
    plain = unicodedata.normalize("NFC", kept.translate(folding._LETTERS))
    runs = [run for word in folding._WORDS.findall(plain) for run in folding._RUNS.findall(word)]
    assert folding.fold_words(text) == folding._asked(runs)
