from __future__ import annotations

import pytest
from django.utils.translation import override

from publishing.languages import language_choices, language_name


@pytest.mark.parametrize(
    ("tag", "english", "german"),
    [
        ("de", "German", "Deutsch"),
        ("en-GB", "English (United Kingdom)", "Englisch (Vereinigtes Königreich)"),
        ("tlh", "Klingon", "Klingonisch"),  # has a name, and no dates or numbers of its own
        ("qqx", "qqx", "qqx"),
        ("q!", "q!", "q!"),
    ],
)
def test_languages_have_the_name_that_the_page_s_language_gives_them(tag: str, english: str, german: str) -> None:
    for language, name in (("en", english), ("de", german)):
        with override(language):
            assert language_name(tag) == name


def test_a_rare_language_is_offered_where_a_manuscript_brings_it() -> None:
    assert ("tlh", "Klingon") in language_choices("tlh")
