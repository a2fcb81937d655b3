"""Pages: every row and every line of a note is on one, none is too full, and bad ends are avoided where they can be."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.pdf.prose.paging import NEVER, Frame, Page, Paginator, Rows

_LINE = 10.0
_NOTE_LINE = 8.0
_NOTE_SPACE = 12.0


def _rows(costs: list[float], notes: dict[int, int] | None = None) -> Rows:
    """Rows one below the other; `costs[k]` is that of ending a page before row k, `notes` the lines of a row's note."""
    rows = Rows()
    for number, cost in enumerate(costs):
        rows.tops.append(number * _LINE)
        rows.bottoms.append((number + 1) * _LINE)
        rows.heads.append(0.0)
        rows.costs.append(cost)
        lines = (notes or {}).get(number, 0)
        if lines:
            rows.note_starts.append(len(rows.note_tops))
        for _ in range(lines):
            rows.note_tops.append(len(rows.note_tops) * _NOTE_LINE)
            rows.note_bottoms.append(rows.note_tops[-1] + _NOTE_LINE)
        rows.notes.append(len(rows.note_tops))
    return rows


def _frame(lines: int, *, is_facing: bool = False) -> Frame:
    return Frame(lines * _LINE, _LINE, _NOTE_SPACE, is_facing)


def _height(page: Page) -> float:
    notes = page.note_end - page.note_start
    return (page.end - page.start) * _LINE + (notes * _NOTE_LINE + _NOTE_SPACE if notes else 0.0)


@given(
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 40.0, NEVER]), min_size=1, max_size=160),
    st.dictionaries(st.integers(0, 159), st.integers(1, 30), max_size=12),
    st.integers(8, 30),
    st.booleans(),
)
def test_everything_is_on_a_page_in_order_and_no_page_overflows(
    costs: list[float], notes: dict[int, int], lines: int, facing: bool
) -> None:
    rows = _rows(costs, notes)
    pages = Paginator(rows, _frame(lines, is_facing=facing)).pages()
    assert (pages[0].start, pages[-1].end) == (0, len(costs))
    assert (pages[0].note_start, pages[-1].note_end) == (0, rows.notes[-1])
    for before, after in pairwise(pages):
        assert (before.end, before.note_end) == (after.start, after.note_start)
    for page in pages:
        assert _height(page) <= lines * _LINE + 0.1


@given(st.dictionaries(st.integers(0, 119), st.integers(1, 3), max_size=10), st.integers(14, 30))
def test_a_short_note_begins_on_the_page_that_refers_to_it(notes: dict[int, int], lines: int) -> None:
    rows = _rows([0.0] * 120, notes)
    for page in Paginator(rows, _frame(lines)).pages():
        for row in range(page.start, page.end):
            if row in notes:
                first = rows.notes[row]
                assert page.note_start <= first < page.note_end


def test_a_page_ends_early_rather_than_badly() -> None:
    costs = [0.0] * 60
    costs[10] = NEVER  # a page of ten lines would end here
    pages = Paginator(_rows(costs), _frame(10)).pages()
    assert pages[0].end == 9
    assert all(page.cost < NEVER for page in pages)


def test_facing_pages_end_on_the_same_line() -> None:
    costs = [0.0] * 200
    costs[30] = NEVER  # the first page is a right one; the right page of the pair that follows must be a line short
    _, left, right = Paginator(_rows(costs), _frame(10, is_facing=True)).pages()[:3]
    assert left.end - left.start == right.end - right.start == 9


def test_no_last_page_of_a_single_line() -> None:
    pages = Paginator(_rows([0.0] * 31), _frame(10)).pages()
    assert pages[-1].end - pages[-1].start >= 3
