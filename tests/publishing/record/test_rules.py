"""The rules of numbers, keywords and licences."""

from __future__ import annotations

import pytest

from publishing.record import isbn, keywords, licences
from publishing.record.errors import IsbnWrong, KeywordInTitle, KeywordNamesAuthor, KeywordTooLong, TooManyKeywords
from publishing.record.licences import Licence

KNOWN = ["The Lighthouse", "A Novel of the Sea", "Ada Quill"]


class TestIsbn:
    @pytest.mark.parametrize(
        "typed",
        [
            *("9780306406157", "978-0-306-40615-7", " 978 0 306 40615 7 ", "ISBN 978-0-306-40615-7"),
            *("urn:isbn:9780306406157", "0-306-40615-2", "0306406152", "978–0–306–40615–7", "ISBN: 0306406152"),
        ],
    )
    def test_is_kept_in_thirteen_digits(self, typed: str) -> None:
        assert isbn.cleaned(typed) == "9780306406157"

    def test_of_ten_may_end_in_x(self) -> None:
        assert isbn.cleaned("3-16-148410-X") == isbn.cleaned("316148410x") == "9783161484100"

    @pytest.mark.parametrize(
        "typed", ["9780306406158", "0306406153", "978030640615", "9770306406157", "abc", "X", "1" * 80]
    )
    def test_with_another_check_digit_is_refused(self, typed: str) -> None:
        with pytest.raises(IsbnWrong):
            isbn.cleaned(typed)

    def test_has_the_hyphens_of_its_range(self) -> None:
        assert isbn.shown("9780306406157") == "978-0-306-40615-7"
        assert isbn.shown("9783161484100") == "978-3-16-148410-0"


class TestKeywords:
    def test_are_parted_at_commas_and_lines_each_once(self) -> None:
        assert keywords.parted(" found  family, Cornwall;storm\n FOUND family ,, ") == [
            "found family",
            "Cornwall",
            "storm",
        ]

    def test_may_have_a_word_of_the_title_beside_others(self) -> None:
        keywords.check(["lighthouse keeper", "found family"], known=KNOWN)

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            (["lighthouse"], KeywordInTitle),
            (["Sea novel"], KeywordInTitle),
            (["ada quill"], KeywordInTitle),
            (["…"], KeywordInTitle),
            (["x" * 51], KeywordTooLong),
            ([f"word{n}" for n in range(8)], TooManyKeywords),
            (["for fans of Jane Austen"], KeywordNamesAuthor),
            (["books like Dune"], KeywordNamesAuthor),
        ],
    )
    def test_are_refused(self, given: list[str], error: type[Exception]) -> None:
        with pytest.raises(error):
            keywords.check(given, known=KNOWN)


class TestLicences:
    @pytest.mark.parametrize(
        ("licence", "address"),
        [
            (Licence.RESERVED, ""),
            (Licence.CC_BY_NC_SA, "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
            (Licence.CC_BY_ND_3, "https://creativecommons.org/licenses/by-nd/3.0/"),
            (Licence.CC0, "https://creativecommons.org/publicdomain/zero/1.0/"),
            (Licence.PUBLIC_DOMAIN, "https://creativecommons.org/publicdomain/mark/1.0/"),
        ],
    )
    def test_lead_to_their_text(self, licence: Licence, address: str) -> None:
        assert licences.address(licence) == address

    def test_are_all_offered_once(self) -> None:
        offered = []
        for value, label in licences.choices():
            offered += [value] if isinstance(value, str) and value in Licence.values else [one for one, _ in label]
        assert sorted(offered) == sorted(Licence.values)
