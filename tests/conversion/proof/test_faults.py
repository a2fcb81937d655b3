"""What is found on pages, and what is left in peace."""

from __future__ import annotations

import pytest

from conversion.engine.findings import registry as codes_registry
from conversion.engine.findings.model import Severity
from conversion.engine.proof.faults import Fault, Traits, find_faults
from conversion.engine.proof.findings import as_findings, worst_first
from conversion.engine.proof.pages import Box, OutlineEntry, Page, Picture
from conversion.engine.targets import TARGETS, Target
from tests.conversion.proof.pages import PHONE, PRINT, full_page, line, page


def faults(*pages: Page, openings: tuple[OutlineEntry, ...] = (), target: Target = PHONE, **more) -> list[Fault]:
    return [fault for _, found in find_faults(iter(pages), openings, target, Traits(**more)) for fault in found]


def codes(*pages: Page, **more) -> list[str]:
    return [fault.code for fault in faults(*pages, **more)]


def picture(left: float = 20, top: float = 30, width: float = 40, height: float = 40, pixels: int = 800) -> Picture:
    return Picture(Box(left, top, left + width, top + height), pixels, pixels)


class TestOutOfPlace:
    def test_text_over_the_edge_is_cut(self):
        (fault,) = faults(page(line("https://a.very.long/address", right=-12), line(row=1)))
        assert (fault.code, fault.quote, fault.index) == ("page.text-cut", "https://a.very.long/address", 1)

    def test_text_in_the_margin_says_by_how_much(self):
        (fault,) = faults(page(line(right=-4), line(row=1)))
        assert (fault.code, fault.facts) == ("page.line-too-long", {"millimetres": 4})

    def test_a_hanging_mark_is_no_fault(self):
        assert codes(page(line(right=-1), line(row=1, left=-1))) == []

    def test_marks_before_an_initial_hang_where_a_chapter_opens(self):
        hung, words = line("“M", left=-6, right=60), line(left=-6, row=1)
        assert codes(page(hung, line(row=2)), openings=[OutlineEntry("One", 1)]) == []
        assert codes(page(hung, line(row=2))) == ["page.line-too-long"]
        assert codes(page(words, line(row=2)), openings=[OutlineEntry("One", 1)]) == ["page.line-too-long"]

    def test_the_inner_margin_of_a_verso_is_on_the_right(self):
        verso, recto = (full_page(index, target=PRINT) for index in (1, 2))
        assert codes(recto, target=PRINT) == []
        assert set(codes(verso, target=PRINT)) == {"page.line-too-long"}, "set for a recto, it stands too far right"

    def test_books_read_from_right_to_left_are_bound_on_the_right(self):
        odd, even = (full_page(index, target=PRINT) for index in (1, 2))
        assert codes(odd, target=PRINT, is_rtl=True) == []
        assert set(codes(even, target=PRINT, is_rtl=True)) == {"page.line-too-long"}

    def test_a_folio_may_stand_below_and_text_may_not(self):
        below = PHONE.height_mm - PHONE.margins.bottom / 2 - 2
        rows = (below - PHONE.margins.top) / 6
        assert codes(page(line("12", row=rows), line())) == []  # type: ignore[arg-type]
        assert codes(page(line("the end of a long box", row=rows), line())) == ["page.text-too-low"]  # type: ignore[arg-type]

    def test_a_cover_may_fill_its_page(self):
        assert codes(page(pictures=(picture(-1, -1, 92, 162),), index=0)) == []

    @pytest.mark.parametrize(
        ("one", "target", "expected"),
        [
            (picture(left=60), PHONE, ["page.picture-cut"]),
            (picture(pixels=0), PHONE, ["page.picture-broken"]),
            (picture(pixels=200), PRINT, ["page.picture-coarse"]),
            (picture(pixels=200), PHONE, []),  # screens show it pixel by pixel
            (picture(width=10, height=10, pixels=20), PRINT, []),  # an ornament
        ],
    )
    def test_pictures(self, one, target, expected):
        assert codes(page(pictures=(one,), index=2), target=target) == expected


class TestHardToRead:
    def test_small_text_is_told_with_both_sizes(self):
        (fault,) = faults(page(line("code in a wide table", size_pt=5.9), line(row=1)))
        assert (fault.code, fault.facts) == ("page.text-small", {"size": "5.9", "smallest": "7"})

    def test_the_mark_of_a_note_may_be_small(self):
        assert codes(page(line("*12", size_pt=5), line(row=1))) == []

    def test_readings_of_ruby_may_be_small(self):
        assert codes(page(line("やまみち", size_pt=5), line(row=1))) == []
        assert codes(page(line("山路やまみち", size_pt=5), line(row=1))) == ["page.text-small"]

    def test_a_letter_without_a_form_is_shown_as_a_box(self):
        (fault,) = faults(page(line("a \ufffd rare letter"), line(row=1)))
        assert (fault.code, fault.quote) == ("page.letter-missing", "a □ rare letter")

    def test_three_hyphens_in_a_row_are_a_ladder_and_two_are_not(self):
        rows = [line(f"some syl{row}", row=row, is_broken=row in {1, 2, 3, 5, 6}) for row in range(8)]
        (fault,) = faults(page(*rows))
        assert (fault.code, fault.facts) == ("page.hyphens", {"lines": 3})
        assert fault.quote == "syl1- / syl2- / syl3-"


class TestBetweenPages:
    def before(self, **last) -> Page:
        return page(line(row=0), line(row=1), line("and it went on", row=2, **last), index=1)

    def test_a_last_line_alone_at_the_top_is_a_widow(self):
        after = page(line("to its end.", right=40), line("Then another", row=1, left=5), line(row=2), index=2)
        (fault,) = faults(self.before(), after)
        assert (fault.code, fault.index, fault.quote) == ("page.widow", 2, "to its end.")

    def test_a_term_above_its_definition_is_none(self):
        after = page(line("term", right=60), line("what it means", row=1, left=5), line(row=2), index=2)
        assert codes(self.before(left=5, right=30), after) == []

    def test_a_first_line_alone_at_the_foot_is_an_orphan(self):
        after = page(line("went on for long"), line(row=1), line(row=2), index=2)
        (fault,) = faults(self.before(left=5), after)
        assert (fault.code, fault.index) == ("page.orphan", 1)

    def test_a_paragraph_of_one_line_is_none(self):
        after = page(line("Another one."), line(row=1), line(row=2), index=2)
        before = page(line(), line(row=1), line("He left.", row=2, left=5, right=50), index=1)
        assert codes(before, after) == []

    def test_right_to_left_is_left_in_peace(self):
        after = page(line("to its end.", right=40), line("Then another", row=1, left=5), line(row=2), index=2)
        assert codes(self.before(), after, is_rtl=True) == []


class TestHardlyFilled:
    starts = (OutlineEntry("One", 0), OutlineEntry("Two", 2))

    def test_two_lines_at_the_end_of_a_chapter(self):
        pages = (full_page(0), page(line("the last words", right=30), index=1), full_page(2))
        (fault,) = faults(*pages, openings=self.starts)
        assert (fault.code, fault.index, fault.facts) == ("page.nearly-empty", 1, {"lines": 1})

    def test_the_end_of_the_book_counts_too(self):
        pages = (full_page(0), full_page(1), page(line("Fin.", right=30), index=2))
        assert codes(*pages, openings=(OutlineEntry("One", 0),)) == ["page.nearly-empty"]

    def test_printed_contents_and_pages_before_the_text_do_not(self):
        contents = page(line("Contents"), line("One 2", row=1), index=0)
        rest = page(line("Two 9"), index=1)
        assert codes(contents, rest, full_page(2), openings=(OutlineEntry("One", 2),), contents="Contents") == []

    def test_an_empty_page_is_told_where_no_recto_asked_for_it(self):
        assert codes(full_page(0), page(index=1), full_page(2)) == ["page.blank"]
        facing = [Page(n, 148, 210, () if n == 1 else full_page(n, target=PRINT).lines) for n in (0, 1, 2)]
        assert "page.blank" not in codes(*facing, target=PRINT)
        facing[0] = page(index=0, target=PRINT)
        assert "page.blank" in codes(*facing, target=PRINT), "two in a row"


class TestDrawnPages:
    def test_their_margins_are_their_authors(self):
        drawn = page(line("a sound in a comic", right=-4, size_pt=4), index=1)
        assert codes(drawn, is_fixed=True) == []

    def test_an_empty_one_is_told_all_the_same(self):
        assert codes(full_page(0), page(index=1), full_page(2), is_fixed=True) == ["page.blank"]


class TestFindings:
    def test_words_that_are_cut_off_block_but_may_be_decided_about(self):
        assert codes_registry.severity("page.text-cut") is Severity.BLOCKER
        assert codes_registry.is_overridable("page.text-cut")

    def test_tells_a_few_of_a_code_and_how_many_there_are(self):
        many = [Fault("page.hyphens", n, Box(70, 20.04, 80, 30)) for n in range(9)]
        found = as_findings(worst_first(many), [OutlineEntry("One", 0), OutlineEntry("Two", 3)], {4: "3"}, "ereader")
        assert [finding.chapter for finding in found] == ["One", "One", "One", "Two", "Two"]
        assert found[4].facts == {"target": "e-reader", "page": "3", "places": 9}
        area = found[4].area
        assert area is not None
        assert (area.target, area.page, area.left, area.top, area.width, area.height) == (
            "ereader",
            5,
            700,
            200,
            100,
            100,
        )

    def test_the_worst_come_first(self):
        mixed = [Fault("page.hyphens", 0, Box(0, 0, 1, 1)), Fault("page.text-cut", 5, Box(0, 0, 1, 1))]
        assert [fault.code for fault in worst_first(mixed)] == ["page.text-cut", "page.hyphens"]

    def test_every_target_has_a_smallest_size(self):
        assert all(target.smallest_pt > 0 for target in TARGETS.values())
