"""PDFs: every word on the page, nothing clipped, and what crosses chapters joined again."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from conversion.engine.book.model import Asset, Book, Cell, CodeBlock, Division, Note, NoteRef, Paragraph, Table, Text
from conversion.engine.errors import PlatformFault
from conversion.engine.markup import plain
from conversion.engine.markup.survey import survey
from conversion.engine.pdf import write_pdfs
from conversion.engine.pdf.fitting import TableForm, code_size, fit_table, is_foot_note
from conversion.engine.pdf.markup import PdfMarkup
from conversion.engine.support.workers import WorkerPool
from conversion.engine.targets import TARGETS
from tests.conversion import books

PHONE, PRINT, TABLET = TARGETS["phone"], TARGETS["print"], TARGETS["tablet"]


def written(book: Book, folder: Path, *names: str, jobs: int = 1, cover: Asset | None = None) -> dict[str, Path]:
    targets = [TARGETS[name] for name in names]
    return {target.name: path for target, path, _ in write_pdfs(book, targets, folder, jobs=jobs, cover=cover)}


def letters(text: str) -> str:
    """Return the letters and digits alone: hyphens at line ends and ligatures make no difference."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A small novel for two targets, with a dedication before and a link across."""
    book = books.plain_book(chapters=3, words=900)
    book.chapters.insert(0, books.rich_book().chapters[0])
    folder = tmp_path_factory.mktemp("novel")
    yield written(book, folder, "phone", "print", jobs=2, cover=books.png(40, 60))


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(books.rich_book(), tmp_path_factory.mktemp("rich"), "phone", "print")


class TestText:
    def test_every_word_is_on_the_pages(self, novel: dict[str, Path]) -> None:
        book = books.plain_book(chapters=3, words=900)
        for path in novel.values():
            found = letters("".join(page.extract_text() for page in pypdf.PdfReader(path).pages))
            for chapter in book.chapters:
                for block in chapter.blocks[1:]:
                    assert letters(plain([block]))[:60] in found

    def test_nothing_leaves_the_page(self, rich: dict[str, Path]) -> None:
        for path in rich.values():
            for page in pypdf.PdfReader(path).pages:
                for x, y in _positions(page):
                    assert 0 <= x <= float(page.mediabox.width)
                    assert 0 <= y <= float(page.mediabox.height)

    def test_is_set_in_the_sizes_of_the_target(self, novel: dict[str, Path]) -> None:
        for name, path in novel.items():
            box = pypdf.PdfReader(path).pages[3].mediabox
            assert float(box.width) == pytest.approx(TARGETS[name].width_mm * 72 / 25.4, abs=0.1)
            assert float(box.height) == pytest.approx(TARGETS[name].height_mm * 72 / 25.4, abs=0.1)


def _positions(page: pypdf.PageObject) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []

    def visit(text: str, matrix: Any, place: Any, *_: object) -> None:
        if text.strip():
            found.append((matrix[0] * place[4] + matrix[4], matrix[3] * place[5] + matrix[5]))

    page.extract_text(visitor_text=visit)
    return found


class TestJoining:
    def test_chapters_of_a_printed_book_open_on_a_recto(self, novel: dict[str, Path]) -> None:
        reader = pypdf.PdfReader(novel["print"])
        starts = [reader.get_destination_page_number(item) for item in reader.outline]
        assert len(starts) == 3
        assert all(start is not None and start % 2 == 0 for start in starts)

    def test_folios_run_through_the_book(self, novel: dict[str, Path]) -> None:
        with pikepdf.open(novel["print"]) as pdf:
            for index, page in enumerate(pdf.pages):
                figures = re.findall(rb"/Stamp(\d) Do", _content(page))
                assert figures == [] or int(b"".join(figures)) == index + 1

    def test_a_cover_is_not_counted(self, novel: dict[str, Path]) -> None:
        reader = pypdf.PdfReader(novel["phone"])
        assert reader.page_labels[:2] == ["Cover", "1"]
        start = reader.get_destination_page_number(reader.outline[0])
        with pikepdf.open(novel["phone"]) as pdf:
            figures = re.findall(rb"/Stamp(\d) Do", _content(pdf.pages[start]))
        assert int(b"".join(figures)) == start

    def test_contents_give_the_pages_where_chapters_begin(self, novel: dict[str, Path]) -> None:
        reader = pypdf.PdfReader(novel["print"])
        contents = next(text for page in reader.pages if "Contents" in (text := page.extract_text()))
        starts = [reader.get_destination_page_number(item) for item in reader.outline]
        numbers = [int(figures) for figures in re.findall(r"(?m)(\d+)$", contents)]
        assert numbers[-3:] == [start + 1 for start in starts if start is not None]

    def test_display_pages_and_openings_carry_no_head(self, novel: dict[str, Path]) -> None:
        with pikepdf.open(novel["print"]) as pdf:
            stamped = [set(re.findall(rb"/Stamp(\d+) Do", _content(page))) for page in pdf.pages]
        heads = [{name for name in names if int(name) > 9} for names in stamped]
        assert stamped[0] == stamped[2] == set()  # title page, dedication
        start = pypdf.PdfReader(novel["print"]).outline[0]
        opening = pypdf.PdfReader(novel["print"]).get_destination_page_number(start)
        assert heads[opening] == set()
        assert heads[opening + 1] != heads[opening + 2] != set()

    def test_links_lead_across_chapters(self, rich: dict[str, Path]) -> None:
        with pikepdf.open(rich["phone"]) as pdf:
            annotations = [each for page in pdf.pages for each in page.obj.get("/Annots", [])]
            inner = [each for each in annotations if "/Dest" in each]
            outer = [str(each.A.URI) for each in annotations if "/A" in each]
            pages = {page.obj.objgen for page in pdf.pages}
            assert inner
            assert all(each.Dest[0].objgen in pages for each in inner)
            assert not [address for address in outer if "invalid" in address]
            assert "mailto:ines@example.org" in outer

    def test_title_language_and_metadata_are_written(self, rich: dict[str, Path]) -> None:
        with pikepdf.open(rich["print"]) as pdf:
            assert str(pdf.Root.Lang) == "en"
            assert str(pdf.docinfo["/Title"]) == "Every Element & Its <Kin>"
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
            assert "Every Element &amp; Its &lt;Kin&gt;" in metadata

    def test_pictures_without_description_are_not_declared_accessible(self, tmp_path: Path) -> None:
        book = books.plain_book(chapters=1, words=50)
        figure = next(block for block in books.rich_book().chapters[2].blocks if type(block).__name__ == "Figure")
        book.chapters[0].blocks.append(replace(figure, alt=""))
        book.assets = books.rich_book().assets
        with pikepdf.open(written(book, tmp_path, "phone")["phone"]) as pdf:
            assert b"pdfuaid:part" not in pdf.Root.Metadata.read_bytes()


def _content(page: pikepdf.Page) -> bytes:
    contents = page.obj.Contents
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


class TestStructure:
    def test_every_page_and_link_points_into_the_one_tree(self, rich: dict[str, Path]) -> None:
        with pikepdf.open(rich["print"]) as pdf:
            numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
            parents = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
            assert len(parents) == len(numbers) // 2
            for page in pdf.pages:
                if "/StructParents" not in page.obj:
                    continue  # a blank page
                marked = parents[int(page.obj.StructParents)]
                assert all(each.Pg.objgen == page.obj.objgen for each in marked)
                for annotation in page.obj.get("/Annots", []):
                    assert pikepdf.Name.Link == parents[int(annotation.StructParent)].S

    def test_the_tree_has_a_section_for_each_part(self, rich: dict[str, Path]) -> None:
        with pikepdf.open(rich["print"]) as pdf:
            document = pdf.Root.StructTreeRoot.K[0]
            assert pikepdf.Name.Document == document.S
            assert [kid.S for kid in document.K] == [pikepdf.Name.Sect] * 6  # title, contents, four chapters
            assert all(kid.P.objgen == document.objgen for kid in document.K)

    def test_formulas_and_pictures_have_alternative_text(self, rich: dict[str, Path]) -> None:
        with pikepdf.open(rich["print"]) as pdf:
            figures = [
                each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
            ]
            texts = [str(each.get("/Alt", "")) for each in figures]
            assert texts.count("x equals the usual formula") == 2
            assert "" not in texts


class TestFaces:
    def test_each_face_is_in_the_file_once(self, novel: dict[str, Path]) -> None:
        with pikepdf.open(novel["print"]) as pdf:
            faces: dict[str, set[tuple[int, int]]] = {}
            for each in pdf.objects:
                if (
                    isinstance(each, pikepdf.Dictionary)
                    and each.get("/Type") == "/FontDescriptor"
                    and "/FontFile2" in each
                ):
                    faces.setdefault(str(each.FontName), set()).add(each.FontFile2.objgen)
        assert faces
        assert all(len(files) == 1 for files in faces.values())


class TestSameBytes:
    def test_whatever_the_number_of_jobs(self, tmp_path: Path) -> None:
        files = []
        for jobs in (1, 2):
            folder = tmp_path / str(jobs)
            folder.mkdir()
            files.append(written(books.plain_book(words=200), folder, "print", jobs=jobs)["print"].read_bytes())
        assert files[0] == files[1]

    def test_leaves_no_temporary_file(self, tmp_path: Path) -> None:
        written(books.plain_book(chapters=1, words=50), tmp_path, "phone")
        assert [path.name for path in tmp_path.iterdir()] == ["phone.pdf"]

    def test_nor_when_the_reader_stops_early(self, tmp_path: Path) -> None:
        pdfs = write_pdfs(books.plain_book(words=200), [PHONE, PRINT], tmp_path, jobs=2, cover=None)
        next(pdfs)
        pdfs.close()
        assert not [path for path in tmp_path.iterdir() if path.is_dir()]


class TestEdges:
    def test_everything_that_can_be_wrong_is_set(self, tmp_path: Path) -> None:
        path = written(books.hostile_book(), tmp_path, "phone")["phone"]
        text = "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
        assert "Nobody refers to me" in text

    def test_a_book_of_nothing_has_a_title_page(self, tmp_path: Path) -> None:
        book = replace(books.plain_book(), chapters=[], toc=[])
        assert len(pypdf.PdfReader(written(book, tmp_path, "print")["print"]).pages) == 1

    def test_a_copyright_page_stands_behind_the_title(self, tmp_path: Path) -> None:
        book = books.plain_book(chapters=1, words=50)
        rights = replace(book.chapters[0], id="rights", title="Rights", division=Division.FRONT, role="copyright-page",
                         blocks=[books.text("All rights are yours.")])  # fmt: skip
        book.chapters.insert(0, rights)
        pages = pypdf.PdfReader(written(book, tmp_path, "print")["print"]).pages
        assert "All rights are yours." in pages[1].extract_text()


class TestFitting:
    def test_a_table_that_fits_stays_a_table(self) -> None:
        assert fit_table(_table(2, 4), PHONE).form is TableForm.PLAIN

    def test_a_wide_table_becomes_a_list_on_a_phone_only(self) -> None:
        assert fit_table(_table(4, 12), PHONE).form is TableForm.STACKED
        assert fit_table(_table(4, 12), TARGETS["desktop"]).form is TableForm.PLAIN

    def test_one_that_cannot_be_told_as_a_list_may_break_words(self) -> None:
        assert fit_table(replace(_table(9, 20), header_rows=0), PHONE).form is TableForm.BROKEN

    def test_no_text_is_made_smaller_than_can_be_read(self) -> None:
        for target in TARGETS.values():
            size = code_size(CodeBlock("x" * 400), target)
            assert size * target.size_pt >= min(target.smallest_pt, 0.82 * target.size_pt) - 1e-6
            assert fit_table(_table(30, 30), target).size * target.size_pt >= 0.7 * target.size_pt - 1e-6

    def test_stacked_cells_follow_their_headings(self) -> None:
        book = books.plain_book(chapters=1, words=10)
        book.chapters[0].blocks = [_table(4, 12)]
        inside = PdfMarkup(survey(book), PHONE).page(0)
        assert inside.count('<div class="head">') == 4

    def test_long_notes_and_tables_go_to_the_end_of_the_chapter(self) -> None:
        short, long = Note("a", [books.text("short")]), Note("b", [books.text(books.prose(400))])
        assert is_foot_note(short, PHONE)
        assert not is_foot_note(long, PHONE)
        assert not is_foot_note(Note("c", [_table(2, 2)]), PHONE)
        assert not is_foot_note(replace(short, kind="endnote"), PHONE)

    def test_notes_of_notes_stand_at_the_end(self) -> None:
        book = books.plain_book(chapters=1, words=10)
        book.notes = {"a": Note("a", [books.text("first", NoteRef("b"))]), "b": Note("b", [books.text("second")])}
        book.chapters[0].blocks.append(books.text("x", NoteRef("a")))
        inside = PdfMarkup(survey(book), PRINT).page(0)
        assert inside.count('class="foot"') == 1
        assert inside.count('class="note"') == 1


def _table(columns: int, length: int) -> Table:
    head = [Cell([Paragraph([Text(f"H{number}")])], header=True) for number in range(columns)]
    row = [Cell([Paragraph([Text("w" * length)])]) for _ in range(columns)]
    return Table([head, row], 1)


class TestTargets:
    @pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
    def test_leave_room_for_text(self, target: Any) -> None:
        assert target.measure_mm > target.width_mm * 0.55
        assert target.text_height_mm > target.height_mm * 0.7
        assert target.size_pt >= 10

    def test_are_found_by_their_names(self) -> None:
        assert all(name == target.name for name, target in TARGETS.items())


class TestCrew:
    def test_a_helper_that_has_grown_is_replaced(self) -> None:
        kept: list[bytes] = []

        def grow(task: int) -> tuple[int, int]:
            kept.append(bytes(b"x" * (200 << 20)))
            return os.getpid(), len(kept)

        with WorkerPool(grow, 1) as pool:
            for task in range(4):
                pool.submit(task)
            answers = [result for _, result in pool.results()]
        assert [count for _, count in answers] == [1, 2, 1, 2]
        assert len({pid for pid, _ in answers}) == 2

    def test_gives_each_task_with_its_result(self) -> None:
        with WorkerPool(lambda task: task * 2, 2) as pool:
            for task in range(7):
                pool.submit(task)
            assert sorted(pool.results()) == [(task, task * 2) for task in range(7)]

    def test_takes_tasks_while_results_come_in(self) -> None:
        with WorkerPool(lambda task: task + 1, 2) as pool:
            pool.submit(0)
            results = []
            for _, result in pool.results():
                results.append(result)
                if result < 4:
                    pool.submit_first(result)
        assert results == [1, 2, 3, 4]

    def test_tells_of_a_task_that_failed(self) -> None:
        with WorkerPool(lambda task: 1 // task, 1) as pool, pytest.raises(PlatformFault) as caught:
            pool.submit(0)
            list(pool.results())
        assert caught.value.code == "pdf.failed"
        assert "ZeroDivisionError" in str(caught.value.facts["reason"])

    def test_tells_of_a_helper_that_died(self) -> None:
        import os

        with WorkerPool(lambda task: os._exit(3), 2) as pool, pytest.raises(PlatformFault) as caught:
            pool.submit(0)
            list(pool.results())
        assert caught.value.code == "pdf.helper_died"
