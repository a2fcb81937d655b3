"""What a DOCX shows without saying it in its paragraphs: diagrams, charts, signs, metafiles, text boxes."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

import struct
from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import AnyBlock, Aside, Figure, ListBlock, Paragraph, Table
from conversion.engine.book.words import block_text, blocks_text
from conversion.engine.images import metafile
from conversion.engine.readers.assembly import symbol_fonts
from tests.conversion.readers.build import codes, docx, nodes, p, picture, read, relationship, run

_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_DGM = f'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" {_A}'
_C = f'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {_A}'


def _graphic(inside: str) -> str:
    return f"<w:r><w:drawing><wp:inline><wp:docPr/><a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"


def _diagram(folder: Path, points: str, connections: str) -> Path:
    data = (
        f"<dgm:dataModel {_DGM}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{connections}</dgm:cxnLst></dgm:dataModel>"
    )
    drawing = _graphic(f'<dgm:relIds {_DGM} r:dm="rd"/>')
    return docx(
        folder / "a.docx",
        p("Before.") + p(runs=drawing) + p("After."),
        relationships=relationship("rd", "diagramData", "diagrams/data1.xml"),
        parts={"word/diagrams/data1.xml": data},
    )


def _point(name: str, text: str = "", kind: str = "node") -> str:
    words = f"<dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t>" if text else ""
    return f'<dgm:pt modelId="{name}" type="{kind}">{words}</dgm:pt>'


def _connection(above: str, below: str, order: int, kind: str = "parOf") -> str:
    return f'<dgm:cxn type="{kind}" srcId="{above}" destId="{below}" srcOrd="{order}"/>'


class TestDiagrams:
    def test_are_told_as_lists_in_their_order(self, tmp_path: Path) -> None:
        points = _point("0", kind="doc") + _point("1", "Second") + _point("2", "First") + _point("3", "Below")
        points += _point("4", "shown twice", "pres")
        connections = _connection("0", "1", 1) + _connection("0", "2", 0) + _connection("2", "3", 0)
        reading = read(_diagram(tmp_path, points, connections + _connection("2", "4", 0, "presOf")))
        blocks = reading.book.chapters[0].blocks
        assert [type(block) for block in blocks] == [Paragraph, ListBlock, Paragraph]
        assert blocks_text(blocks[1:2]) == "First Below Second"
        assert isinstance(blocks[1], ListBlock)
        assert len(blocks[1].items) == 2
        assert "source.drawing-told" in codes(reading)

    def test_circles_end(self, tmp_path: Path) -> None:
        points = _point("0", kind="doc") + _point("1", "One") + _point("2", "Two")
        connections = _connection("0", "1", 0) + _connection("1", "2", 0) + _connection("2", "1", 0)
        assert "One Two" in blocks_text(read(_diagram(tmp_path, points, connections)).book.chapters[0].blocks)

    def test_a_very_deep_one_is_no_fault(self, tmp_path: Path) -> None:
        points = _point("0", kind="doc") + "".join(_point(str(n), f"p{n}") for n in range(1, 1500))
        connections = "".join(_connection(str(n), str(n + 1), 0) for n in range(1499))
        assert "p1" in blocks_text(read(_diagram(tmp_path, points, connections)).book.chapters[0].blocks)

    def test_without_words_it_is_left_out_and_told(self, tmp_path: Path) -> None:
        assert "source.drawing-dropped" in codes(read(_diagram(tmp_path, _point("0", kind="doc"), "")))


class TestCharts:
    def test_are_told_as_tables(self, tmp_path: Path) -> None:
        def points(*values: str) -> str:
            return "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))

        series = "".join(
            f"<c:ser><c:tx><c:strRef><c:strCache>{points(name)}</c:strCache></c:strRef></c:tx>"
            f"<c:cat><c:strRef><c:strCache>{points('2024', '2025')}</c:strCache></c:strRef></c:cat>"
            f"<c:val><c:numRef><c:numCache>{points(*values)}</c:numCache></c:numRef></c:val></c:ser>"
            for name, values in (("Salt", ("3", "4")), ("Sand", ("5", "6")))
        )
        title = "<c:title><c:tx><c:rich><a:p><a:r><a:t>Yield</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        chart = f"<c:chartSpace {_C}><c:chart>{title}<c:plotArea><c:barChart>{series}</c:barChart></c:plotArea></c:chart></c:chartSpace>"
        path = docx(
            tmp_path / "a.docx",
            p("Before.") + p(runs=_graphic(f'<c:chart {_C} r:id="rc"/>')),
            relationships=relationship("rc", "chart", "charts/chart1.xml"),
            parts={"word/charts/chart1.xml": chart},
        )
        (table,) = nodes(read(path).book, Table)
        rows = [[blocks_text(cell.blocks) for cell in row] for row in table.rows]
        assert rows == [["", "Salt", "Sand"], ["2024", "3", "5"], ["2025", "4", "6"]]
        assert plain_text(table.caption) == "Yield"

    def test_a_chart_outside_the_file_is_told(self, tmp_path: Path) -> None:
        body = p("Before.") + p(runs=_graphic(f'<c:chart {_C} r:id="rc"/>'))
        link = relationship("rc", "chart", "https://example.org/c.xml", external=True)
        assert "source.drawing-dropped" in codes(read(docx(tmp_path / "a.docx", body, relationships=link)))


class TestSymbols:
    @pytest.mark.parametrize(
        ("font", "code", "sign"),
        [
            ("Symbol", 0x61, "α"),
            ("Symbol", 0xF0DA, "∨"),
            ("Symbol", 0xF0B7, "•"),
            ("Wingdings", 0xF0FC, "✓"),
            ("Wingdings 2", 0xF001, "▪"),
        ],
    )
    def test_shown(self, font: str, code: int, sign: str) -> None:
        assert symbol_fonts.shown(code, font) == sign

    def test_runs_in_symbol_fonts(self, tmp_path: Path) -> None:
        greek = run("ab\uf067", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')
        sign = '<w:r><w:sym w:font="Symbol" w:char="00DA"/></w:r>'
        blocks = (
            read(docx(tmp_path / "a.docx", p(runs=greek + run(" and ") + sign + run(" ab")))).book.chapters[0].blocks
        )
        assert blocks_text(blocks) == "αβγ and ∨ ab"


def _drawn(blocks: str) -> str:
    return f"<w:drawing><wps:txbx><w:txbxContent>{blocks}</w:txbxContent></wps:txbx></w:drawing>"


def _vml(blocks: str) -> str:
    return f"<w:pict><v:shape><v:textbox><w:txbxContent>{blocks}</w:txbxContent></v:textbox></v:shape></w:pict>"


def _either(blocks: str, first: str = "") -> str:
    """A box as Word writes it: drawn, and the same again for programs before 2010."""
    choice = first or _drawn(blocks)
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice>'
        f"<mc:Fallback>{_vml(blocks)}</mc:Fallback></mc:AlternateContent>"
    )


def _run_of(box: str, props: str = "") -> str:
    return f"<w:r><w:rPr>{props}</w:rPr>{box}</w:r>"


_BOXED = p("Boxed.")
_TWO = f"<w:txbxContent>{_BOXED}</w:txbxContent>" * 2


class TestTextBoxes:
    @pytest.mark.parametrize(
        ("paragraph", "expected"),
        [
            (p("Words.", runs=_run_of(_either(_BOXED))), "Words. | [Boxed.]"),
            (p("Words.", runs=_run_of(_vml(_BOXED))), "Words. | [Boxed.]"),
            (p("Words.", runs=_either("", _run_of(_drawn(_BOXED)))), "Words. | [Boxed.]"),
            (p("Words.", runs=_run_of(_either(_BOXED, '<x xmlns="urn:z"/>'))), "Words. | [Boxed.]"),
            (p("Words.", runs=_run_of(_either(_BOXED + p("More.")))), "Words. | [Boxed. More.]"),
            (p(runs=_run_of(_either(_BOXED)) + run("Words.")), "[Boxed.] | Words."),
            (p(runs=_run_of(_either(_BOXED))), "[Boxed.]"),
            (p("Words.", runs=_run_of(_either(_BOXED)) * 2), "Words. | [Boxed.] | [Boxed.]"),
            (
                p("Words.", runs=_run_of(_either(p("Outer.", runs=_run_of(_either(_BOXED)))))),
                "Words. | [Outer. [Boxed.]]",
            ),
            (p("Words.", runs=_run_of(f"<w:drawing>{_TWO}</w:drawing>")), "Words. | [Boxed.] | [Boxed.]"),
            (p("Words.", runs=f'<w:ins w:author="A">{_run_of(_either(_BOXED))}</w:ins>'), "Words. | [Boxed.]"),
            (p("Words.", runs=f'<w:del w:author="A">{_run_of(_either(_BOXED))}</w:del>'), "Words."),
            (p(runs=f"<w:hyperlink>{_run_of(_either(_BOXED))}{run('Words.')}</w:hyperlink>"), "[Boxed.] | Words."),
            (p("Words.", runs=_run_of(_either(p()))), "Words."),
        ],
    )
    def test_come_in_their_place_and_once(self, tmp_path: Path, paragraph: str, expected: str) -> None:
        def shown(block: AnyBlock) -> str:
            inner = " ".join(map(shown, getattr(block, "blocks", [])))
            return f"[{inner}]" if isinstance(block, Aside) else block_text(block)

        blocks = read(docx(tmp_path / "a.docx", paragraph + p("After."))).book.chapters[0].blocks
        assert " | ".join(map(shown, blocks)) == f"{expected} | After."

    @pytest.mark.parametrize("place", ["<w:tbl><w:tr><w:tc>{0}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>", "{0}"])
    def test_in_tables_and_notes(self, tmp_path: Path, place: str) -> None:
        boxed = p("Words.", runs=_run_of(_either(_BOXED)))
        reference = p("Body.", runs='<w:r><w:footnoteReference w:id="2"/></w:r>')
        note = f'<w:footnote w:id="2">{place.format(boxed)}</w:footnote>'
        book = read(docx(tmp_path / "a.docx", place.format(boxed) + reference, footnotes=note)).book
        everything = [book.chapters, list(book.notes.values())]
        assert [block_text(aside) for aside in nodes(everything, Aside)] == ["Boxed.", "Boxed."]

    def test_a_hidden_one_is_told(self, tmp_path: Path) -> None:
        reading = read(docx(tmp_path / "a.docx", p("Words.", runs=_run_of(_either(_BOXED), "<w:vanish/>"))))
        assert blocks_text(reading.book.chapters[0].blocks) == "Words."
        assert "source.hidden-text-dropped" in codes(reading)

    def test_word_art_keeps_its_words(self, tmp_path: Path) -> None:
        art = '<w:pict><v:shape><v:textpath string="The Tide Tables"/></v:shape></w:pict>'
        blocks = read(docx(tmp_path / "a.docx", p("Words.", runs=_run_of(art)))).book.chapters[0].blocks
        assert [block_text(block) for block in blocks] == ["Words.", "The Tide Tables"]


class TestMetafiles:
    def test_a_png_in_a_comment(self, tmp_path: Path) -> None:
        inside = b"EMF+" + bytes(20) + picture()
        inside += bytes(-len(inside) % 4)
        comment = struct.pack("<III", 70, 12 + len(inside), len(inside)) + inside
        data = struct.pack("<II", 1, 108).ljust(40, b"\0") + b" EMF" + bytes(64) + comment
        assert metafile.is_metafile(data)
        assert metafile.picture_in(data) == picture()

    @pytest.mark.parametrize("cut", [44, 60, 108, 120, 140])
    def test_damaged_ones_hold_nothing(self, cut: int) -> None:
        data = struct.pack("<II", 1, 108).ljust(40, b"\0") + b" EMF" + bytes(64)
        data += struct.pack("<II", 81, 90) + b"\xff" * 82
        assert metafile.picture_in(data[:cut]) == b""

    def test_one_without_a_bitmap_is_told(self, tmp_path: Path) -> None:
        data = struct.pack("<II", 1, 108).ljust(40, b"\0") + b" EMF" + bytes(64)
        path = docx(
            tmp_path / "a.docx",
            p("Before.") + p(runs=_graphic('<a:blip r:embed="rp"/>')),
            relationships=relationship("rp", "image", "media/drawing.emf"),
            parts={"word/media/drawing.emf": data},
        )
        reading = read(path)
        assert nodes(reading.book, Figure) == []
        assert "image.unusable" in codes(reading)
