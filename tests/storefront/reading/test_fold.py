"""Search compares letters in the same way on the server and in the browser."""

from __future__ import annotations

import json
import unicodedata

from storefront.reading.folding import fold
from tests.support.node import run_module

ASSIGNED = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]


class TestFold:
    def test_is_the_same_in_the_browser_for_every_letter(self) -> None:
        folded = run_module(
            f'import {{ fold }} from "$/fold.js"; answer({json.dumps(ASSIGNED)}.map((letter) => fold(letter)));'
        )
        assert folded == [fold(letter) for letter in ASSIGNED]

    def test_text_that_looks_alike_is_alike(self) -> None:
        given = ["Straße", "STRASSE", "“Well—”", "'well-'", "Café", "cafe", "ofﬁce", "Office", "が", "각"]
        folded = run_module(f'import {{ foldQuery }} from "$/fold.js"; answer({json.dumps(given)}.map(foldQuery));')
        expected = ["strasse", "strasse", "'well-'", "'well-'", "cafe", "cafe", "office", "office", "が", "각"]
        assert folded == expected
