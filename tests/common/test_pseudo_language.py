"""The pseudo-language marks every letter of a message, and nothing that has to stay."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from common.pseudo_language import pseudo, write_words

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Your cart"
msgstr "Ihr Warenkorb"

msgid "%(count)s book"
msgid_plural "%(count)s books"
msgstr[0] "%(count)s Buch"
msgstr[1] "%(count)s Bücher"
"""


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Read on", "Ŕéàď óñ"),
        ("%(name)s wrote {title!r}", "%(name)s ŵŕóţé {title!r}"),
        ('<a href="{url}">Help</a> &amp; more', '<a href="{url}">Ĥéĺþ</a> &amp; ɱóŕé'),
        ("100 %% of it, %d of %s", "100 %% óḟ íţ, %d óḟ %s"),
    ],
)
def test_marks_letters_and_keeps_what_is_filled_in(text: str, marked: str) -> None:
    assert pseudo(text) == marked


def test_writes_every_message_with_its_plurals(tmp_path: Path) -> None:
    (tmp_path / "django.po").write_text(PO, encoding="utf-8")
    assert write_words(tmp_path / "django.po", tmp_path) == 2
    words = gettext.translation("django", tmp_path, ["ar"])
    assert words.gettext("Your cart") == "Ýóúŕ ĉàŕţ"
    counted = [words.ngettext("%(count)s book", "%(count)s books", n) for n in (0, 1, 2, 5, 99)]
    assert counted == ["%(count)s ƀóóķš", "%(count)s ƀóóķ", *["%(count)s ƀóóķš"] * 3]
