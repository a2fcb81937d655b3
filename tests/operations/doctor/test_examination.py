from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from operations.doctor.examination import Check, Finding, Level, examine, ok


def check(run, timeout_s: float = 10) -> Check:
    return Check("lamp", run, timeout_s, "Light it.")


def fine() -> Iterator[Finding]:
    yield ok("lamp", "It burns.")


def test_all_findings_come_in_order() -> None:
    def two() -> Iterator[Finding]:
        yield ok("lamp", "first")
        yield ok("lamp", "second")

    assert [finding.detail for finding in examine([check(two), check(fine)])] == ["first", "second", "It burns."]


def test_what_is_raised_is_a_finding_with_advice() -> None:
    def broken() -> Iterator[Finding]:
        yield ok("lamp", "It burned.")
        raise OSError("no\n  oil")

    found = list(examine([check(broken), check(fine)]))
    assert [finding.level for finding in found] == [Level.OK, Level.WRONG, Level.OK]
    assert (found[1].detail, found[1].advice) == ("OSError: no oil", "Light it.")


def test_a_check_that_hangs_holds_up_nothing() -> None:
    thaw = Event()

    def frozen() -> Iterator[Finding]:
        thaw.wait()
        yield ok("lamp", "Nobody hears this any more.")

    found = list(examine([check(frozen, timeout_s=0.05), check(fine)]))
    thaw.set()
    assert [(finding.level, finding.detail) for finding in found] == [
        (Level.WRONG, "No answer within 0.05 s."),
        (Level.OK, "It burns."),
    ]
