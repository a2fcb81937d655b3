from __future__ import annotations

import unicodedata

from storefront.selectors import folding


def test_letters_lose_case_and_marks_one_by_one() -> None:
    for number in range(0x80, 0x2000):
        letter = chr(number)
        decomposed = unicodedata.normalize("NFKD", letter.casefold())
        plain = "".join(one for one in decomposed if not unicodedata.combining(one)).translate(folding._LETTERS)
        words = folding._WORDS.findall(unicodedata.normalize("NFC", plain))
        assert folding.fold_words(letter) == words, hex(number)


def test_words_of_other_languages() -> None:
    assert folding.fold_words("L'Été, Łódź & Ægir’s Straße") == ["l", "ete", "lodz", "aegir", "s", "strasse"]
