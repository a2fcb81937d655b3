"""An EPUB that keeps its author's design: what each element wears, faces and pictures of the book, nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from conversion.engine import pipeline
from conversion.engine.contract import ConversionRequest, ConversionResult
from conversion.engine.readers import read_source
from conversion.engine.readers.author_design import fonts as faces
from conversion.engine.typography import fonts
from conversion.engine.typography.fonts import FACES
from tests.conversion.readers.build import epub, xhtml

PAGE = """<h1 class="title">One</h1><div class="box"><p class="first">It <span class="sc">began</span> there.</p>
<p>It went on, <em>truly</em>, for <a href="b.xhtml">a while</a>.</p></div><hr class="orn"/>
<blockquote class="letter"><p>Dear Ann, it is late.</p></blockquote>
<p><img class="small" src="orn.png" alt="A leaf"/></p>
<p style="text-align: right; position: fixed">The end.</p>"""
CSS = """
@font-face { font-family: "Own Face"; src: url(own.ttf); }
.title { font-family: "Own Face", serif; color: #336699; }
.box { font-size: 0.9em; text-align: center; margin: 40em; }
p { text-indent: 1.5em; margin: 0 }
.box p.first { text-indent: 0; font-size: 120% }
p.first::first-letter { font-size: 3em; float: left }
.sc { letter-spacing: 0.1em }
.orn { border: 0; height: 2em; background-image: url(orn.png) }
.letter { margin: 1em 3em; font-style: italic }
.small { width: 3em }
"""
HOSTILE = """
@import url(http://evil.example/one.css);
@font-face { font-family: Bad; src: url(http://evil.example/bad.ttf); }
p { background: url(http://evil.example/two.png); color: red; position: fixed; }
p::after { content: url(http://evil.example/three.png); }
h1 { background-image: \\75rl(http://evil.example/four.png); width: expression(alert(1)); behavior: url(five.htc) }
em { list-style-image: url(javascript:alert(6)); }
a</style><script>alert(7)</script> { color: red }
.first { font-family: "</style><script>alert(8)</script>" }
"""


def face(rights: int = 0) -> bytes:
    """A packaged face as TrueType, with these rights to embed it."""
    content = fonts.load(FACES[0])
    if content is None:
        pytest.skip("the packaged faces are not installed")
    font = TTFont(io.BytesIO(content))
    font["OS/2"].fsType = rights
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def leaf() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(out, "PNG")
    return out.getvalue()


def book(folder: Path, css: str = CSS, *, page: str = PAGE, parts: dict[str, bytes | str] | None = None) -> Path:
    linked = '<link rel="stylesheet" href="own.css" type="text/css"/>'
    pages = {"a.xhtml": xhtml(page, linked), "b.xhtml": xhtml("<h1>Two</h1><p>More of it.</p>", linked)}
    return epub(folder / "own.epub", pages, parts={"OPS/own.css": css, "OPS/orn.png": leaf()} | (parts or {}))


def converted(folder: Path, source: Path, formats: tuple[str, ...] = ("epub",), **more) -> ConversionResult:
    (folder / "out").mkdir(exist_ok=True)
    request = ConversionRequest(source, source.name, folder / "out", formats, keep_design=True, **more)
    return pipeline.convert(request, lambda progress: None)


def opened(folder: Path, name: str = "book.epub") -> dict[str, bytes]:
    with zipfile.ZipFile(folder / "out" / name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def chapter(files: dict[str, bytes], words: str) -> str:
    return next(text.decode() for name, text in files.items() if name.endswith(".xhtml") and words.encode() in text)


def rules_of(files: dict[str, bytes], markup: str, words: str) -> dict[str, str]:
    """What the element that begins with these words wears, by pseudo-element."""
    css = files["EPUB/styles/book.css"].decode()
    match = re.search(rf'class="[^"]*\b(kept-\d+)\b[^"]*"[^<>]*>{re.escape(words)}', markup)
    assert match, markup
    return dict(re.findall(rf"^\.{match[1]}(\S*) {{ (.*) }}$", css, re.MULTILINE))


class TestDresses:
    @pytest.fixture
    def files(self, tmp_path: Path) -> dict[str, bytes]:
        converted(tmp_path, book(tmp_path, parts={"OPS/own.ttf": face()}))
        return opened(tmp_path)

    def test_elements_wear_what_their_selectors_say(self, files: dict[str, bytes]) -> None:
        markup = chapter(files, "began")
        assert "color: #336699" in rules_of(files, markup, "One")[""]
        assert "letter-spacing: 0.1em" in rules_of(files, markup, "began")[""]
        assert "margin: 1em 3em" in files["EPUB/styles/book.css"].decode()
        assert rules_of(files, markup, "It ")["::first-letter"] == "font-size: 3em; float: left"

    def test_what_left_out_divisions_bequeath_is_worn_by_their_paragraphs(self, files: dict[str, bytes]) -> None:
        markup = chapter(files, "began")
        first, second = (rules_of(files, markup, words)[""] for words in ("It ", "It went on"))
        assert "text-align: center" in first
        assert "text-align: center" in second
        assert "font-size: 1.08em" in first  # 120 % of 0.9
        assert "text-indent: 0" in first
        assert "text-indent: 1.5em" in second
        assert "40em" not in first + second

    def test_a_heading_of_two_lines_keeps_the_look_of_each(self, tmp_path: Path) -> None:
        page = '<hgroup><h3>I</h3><p class="below">Of it all</p></hgroup><p>It began.</p>'
        css = "hgroup { margin: 3em } h3 { color: red } .below { font-variant: small-caps }"
        converted(tmp_path, book(tmp_path, css, page=page))
        files = opened(tmp_path)
        markup = chapter(files, "It began.")
        assert "margin: 3em" in rules_of(files, markup, '<span class="')[""]
        assert rules_of(files, markup, "I<")[""] == "font-size: 1.17em; margin: 1em 0; font-weight: bold; color: red"
        assert "small-caps" in rules_of(files, markup, "Of it all")[""]

    def test_a_style_attribute_is_read_and_cleaned(self, files: dict[str, bytes]) -> None:
        worn = rules_of(files, chapter(files, "The end."), "The end.")[""]
        assert "text-align: right" in worn
        assert "position" not in worn

    def test_pictures_of_sheets_and_their_looks_come_along(self, files: dict[str, bytes]) -> None:
        css, markup = files["EPUB/styles/book.css"].decode(), chapter(files, "began")
        address = re.search(r'url\("\.\./(images/[^"]+\.png)"\)', css)
        assert address
        assert f"EPUB/{address[1]}" in files
        assert re.search(r'<img class="kept-\d+" src=', markup)
        assert re.search(r'<hr class="kept-\d+"/>', markup)

    def test_faces_are_written_again(self, files: dict[str, bytes]) -> None:
        css = files["EPUB/styles/book.css"].decode()
        assert '@font-face { font-family: "Own Face"' in css
        written = files["EPUB/fonts/kept-1.ttf"]
        assert set(TTFont(io.BytesIO(written)).keys()) >= {"glyf", "cmap", "OS/2"}

    def test_no_class_or_selector_of_the_source_is_left(self, files: dict[str, bytes]) -> None:
        whole = files["EPUB/styles/book.css"].decode() + chapter(files, "began")
        assert not re.search(r"\.letter\b|\.orn\b|\.sc\b|class=\"first|class=\"box", whole)

    def test_samples_and_kobo_files_are_dressed_too(self, tmp_path: Path) -> None:
        converted(tmp_path, book(tmp_path, parts={"OPS/own.ttf": face()}), ("sample", "kepub"), sample_bps=9_000)
        for name in ("sample.epub", "book.kepub.epub"):
            files = opened(tmp_path, name)
            assert "EPUB/fonts/kept-1.ttf" in files
            assert b'url("../images/' in files["EPUB/styles/book.css"]
            assert "asset:" not in files["EPUB/styles/book.css"].decode()

    def test_our_own_design_is_not_mixed_in(self, files: dict[str, bytes]) -> None:
        assert "The design:" not in files["EPUB/styles/book.css"].decode()

    def test_the_same_source_gives_the_same_bytes(self, tmp_path: Path, files: dict[str, bytes]) -> None:
        converted(tmp_path, tmp_path / "own.epub")
        assert opened(tmp_path) == files

    def test_other_files_have_our_design_alone(self, tmp_path: Path) -> None:
        converted(tmp_path, book(tmp_path), ("kindle", "web", "text"))
        for name in ("book-kindle.epub", "web.zip"):
            assert all(b"kept-" not in content for content in opened(tmp_path, name).values())

    def test_pdfs_are_set_as_without(self, tmp_path: Path) -> None:
        source = book(tmp_path)
        converted(tmp_path, source, ("pdf",), targets=("phone",), jobs=1)
        kept = (tmp_path / "out" / "book-phone.pdf").read_bytes()
        request = ConversionRequest(source, source.name, tmp_path / "out", ("pdf",), ("phone",), jobs=1)
        pipeline.convert(request, lambda progress: None)
        assert kept == (tmp_path / "out" / "book-phone.pdf").read_bytes()


class TestHostile:
    def test_nothing_that_acts_or_fetches_comes_through(self, tmp_path: Path) -> None:
        result = converted(tmp_path, book(tmp_path, HOSTILE + CSS))
        for name, content in opened(tmp_path).items():
            if name.endswith((".css", ".xhtml", ".opf")):
                low = content.lower()
                assert not re.search(rb"evil|script>|expression|behavior|javascript|@import|\.htc", low), name
        assert "design.dropped" in {finding.code for finding in result.findings}

    def test_an_enormous_sheet_is_harmless(self, tmp_path: Path) -> None:
        css = "".join(f".c{number} {{ color: #{number:06x} }}\n" for number in range(60_000))
        converted(tmp_path, book(tmp_path, css + CSS))
        assert len(opened(tmp_path)["EPUB/styles/book.css"]) < 20_000

    def test_looks_without_end_are_bounded(self, tmp_path: Path) -> None:
        page = "<h1>One</h1>" + "".join(
            f'<p style="margin-left: {number / 1000:.3f}em">Line {number}.</p>' for number in range(4_000)
        )
        converted(tmp_path, book(tmp_path, page=page))
        assert opened(tmp_path)["EPUB/styles/book.css"].count(b"\n.kept-") <= 1_600

    def test_deep_selectors_on_deep_trees_take_no_time(self, tmp_path: Path) -> None:
        page = "<div>" * 90 + "<p>Deep down.</p>" * 50 + "</div>" * 90
        css = "".join(f"div div div p.x{number} {{ color: red }}\n" for number in range(3_000))
        converted(tmp_path, book(tmp_path, css, page="<h1>One</h1>" + page))


class TestFaces:
    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ({"OPS/own.ttf": b"\0\1\0\0 not a face"}, "design.face-broken"),
            ({}, "design.face-broken"),
        ],
    )
    def test_what_is_no_face_is_left_out(self, tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
        result = converted(tmp_path, book(tmp_path, parts=dict(parts)))
        assert code in {finding.code for finding in result.findings}
        assert b"@font-face" not in opened(tmp_path)["EPUB/styles/book.css"]

    @pytest.mark.parametrize(("rights", "is_kept"), [(0, True), (4, True), (8, True), (2, False), (0x208, False)])
    def test_a_licence_is_heeded(self, tmp_path: Path, rights: int, is_kept: bool) -> None:
        result = converted(tmp_path, book(tmp_path, parts={"OPS/own.ttf": face(rights)}))
        assert ("EPUB/fonts/kept-1.ttf" in opened(tmp_path)) is is_kept
        assert ("design.face-licence" in {finding.code for finding in result.findings}) is not is_kept

    def test_a_locked_face_is_refused(self, tmp_path: Path) -> None:
        encryption = (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
            'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod '
            'Algorithm="http://www.idpf.org/2008/embedding"/><enc:CipherData>'
            '<enc:CipherReference URI="OPS/own.ttf"/></enc:CipherData></enc:EncryptedData></encryption>'
        )
        parts = {"OPS/own.ttf": face(), "META-INF/encryption.xml": encryption}
        result = converted(tmp_path, book(tmp_path, parts=parts))
        assert "design.face-obfuscated" in {finding.code for finding in result.findings}
        assert "EPUB/fonts/kept-1.ttf" not in opened(tmp_path)

    def test_faces_without_end_are_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(faces, "MAX_FACES", 1)
        css = CSS + '@font-face { font-family: "Second"; src: url(second.ttf); }\n.box { font-family: "Second" }\n'
        result = converted(tmp_path, book(tmp_path, css, parts={"OPS/own.ttf": face(), "OPS/second.ttf": face(4)}))
        codes = {finding.code for finding in result.findings}
        assert {"design.kept", "design.faces-too-many"} <= codes
        assert sorted(name for name in opened(tmp_path) if name.startswith("EPUB/fonts/")) == ["EPUB/fonts/kept-1.ttf"]


class TestOtherSources:
    def test_html_keeps_its_style_elements(self, tmp_path: Path) -> None:
        page = tmp_path / "own.html"
        page.write_text(
            "<html lang=en><head><title>Own</title><style>p.a { text-indent: 2em } </style></head>"
            "<body><h1>One</h1><p class=a>Here.</p></body></html>"
        )
        converted(tmp_path, page)
        files = opened(tmp_path)
        assert rules_of(files, chapter(files, "Here."), "Here.")[""] == "text-indent: 2em"

    def test_other_formats_are_told_that_they_have_none(self, tmp_path: Path) -> None:
        text = tmp_path / "own.txt"
        text.write_text("Chapter 1\n\nHere it is.\n")
        assert "design.not-here" in {finding.code for finding in converted(tmp_path, text).findings}

    def test_a_source_without_style_has_our_design(self, tmp_path: Path) -> None:
        result = converted(tmp_path, book(tmp_path, "", page="<h1>One</h1><p>Here it is.</p>"))
        assert "design.none" in {finding.code for finding in result.findings}
        assert b"The design:" in opened(tmp_path)["EPUB/styles/book.css"]

    def test_nothing_is_kept_unless_asked(self, tmp_path: Path) -> None:
        _, reading = read_source(book(tmp_path), "own.epub")
        assert reading.book.kept is None
        assert not any(block.dress for one in reading.book.chapters for block in one.blocks)
