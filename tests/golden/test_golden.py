"""Every code has a golden book that earns exactly it, and a neighbour that does not."""

from __future__ import annotations

import pytest

from conversion.engine.findings.registry import REGISTRY
from conversion.engine.process.sandbox import PROJECT

from .beyond import BEYOND
from .cases import Case, line_of, load
from .runner import Found, lines_of

CASES = load()


@pytest.fixture(scope="module")
def found() -> Found:
    return Found(CASES.values())


def case_of(code: str) -> Case:
    return CASES[code]


class TestEveryCode:
    def test_has_a_golden_book_or_a_reason(self) -> None:
        assert set(REGISTRY) - set(BEYOND) == set(CASES)

    def test_has_a_reason_only_where_there_is_none(self) -> None:
        assert set(BEYOND) <= set(REGISTRY)
        for code, (reason, test) in BEYOND.items():
            assert reason
            assert f'"{code}"' in (PROJECT / test).read_text(encoding="utf-8"), f"{test} does not mention {code}"

    @pytest.mark.parametrize("code", sorted(CASES))
    def test_is_earned_by_its_book(self, code: str, found: Found) -> None:
        case = case_of(code)
        told = found.of(case.book)
        expected = [*case.finds, *(f"and {other}" for other in sorted(case.beside))]
        assert lines_of(code, told) == expected
        assert case.finds, "a golden book says what it finds"

    @pytest.mark.parametrize("code", sorted(CASES))
    def test_is_as_grave_as_the_registry_says(self, code: str, found: Found) -> None:
        for finding in found.of(case_of(code).book):
            assert finding.severity is REGISTRY[finding.code].severity, line_of(finding)

    @pytest.mark.parametrize("code", sorted(code for code, case in CASES.items() if case.clean is not None))
    def test_is_not_earned_by_its_neighbour(self, code: str, found: Found) -> None:
        case = case_of(code)
        assert case.clean is not None
        assert {finding.code for finding in found.of(case.clean)} <= case.beside - {code}

    @pytest.mark.parametrize("code", sorted(code for code, case in CASES.items() if case.clean is None))
    def test_without_a_neighbour_is_a_damage(self, code: str) -> None:
        """Their neighbour is the undamaged book, which `tests/conversion/repair` holds to have no changes."""
        assert case_of(code).book.kind == "damage"
