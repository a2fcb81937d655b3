from __future__ import annotations

import unicodedata

from common import search_text


def test_words_of_other_languages() -> None:
    assert search_text.words("L'Été, Łódź & Ægir’s Straße: Øst") == ["l", "ete", "lodz", "aegir", "s", "strasse", "ost"]
    assert search_text.words("草枕 كتاب") == ["草枕", "كتاب"]


def test_letters_lose_case_and_accents_whatever_they_are() -> None:
    for number in range(0x80, 0x2FFFF):
        letter = chr(number)
        if "\ud800" <= letter <= "\udfff":
            continue
        plain = search_text.normalize(letter)
        assert plain == search_text.normalize(plain), hex(number)
        assert plain == plain.casefold(), hex(number)
        left = [one for one in unicodedata.normalize("NFD", plain) if unicodedata.combining(one)]
        assert set(left) <= {"\u3099", "\u309a"}, hex(number)


def test_vowel_signs_belong_to_their_word() -> None:
    assert search_text.words("हिन्दी किताब") == ["हिनदी", "किताब"]
    assert search_text.words("ั a") == ["a"]  # one alone is none


def test_scripts_without_spaces_are_asked_for_in_pairs() -> None:
    assert search_text.words("吾輩は猫") == ["吾輩", "輩は", "は猫"]
    assert search_text.words("1Q84の世界") == ["1q84", "の世", "世界"]
    assert search_text.words("がか 猫") == ["がか", "猫"]
    assert search_text.words("한국어 책") == ["한국어", "책"]


def test_each_letter_of_a_run_begins_a_word_that_is_indexed() -> None:
    assert search_text.index_words("東京 タワー 猫 Tower") == "東京 京 タワ ワー ー 猫 tower"


def test_what_is_long_without_spaces_is_not_cut() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(60))
    assert len(search_text.words(text)) == 59
    assert search_text.words("x" * 60) == ["x" * 40]
