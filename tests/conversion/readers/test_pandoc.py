"""What pandoc reads for us, and the box it works in."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

import base64
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Book,
    Emphasis,
    Figure,
    Heading,
    Link,
    ListBlock,
    Math,
    NoteRef,
    SmallCaps,
    Strong,
    Table,
)
from conversion.engine.book.words import blocks_text
from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable, ConversionError, Stopped
from conversion.engine.process import pandoc, runner
from conversion.engine.process.pandoc import Prepared
from conversion.engine.process.sandbox import PROJECT, SandboxPolicy
from conversion.engine.readers import read_source
from tests.conversion.readers.build import nodes, picture, titles

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")

_TEX = r"""\documentclass{book}
\title{The Tide Tables}\author{Ann Hale \and Bo Lind}
\begin{document}\maketitle
\chapter{Salt}
Some \emph{text}\footnote{A note with \textbf{bold}.} and $x^2$ by \textsc{Hale}.
\begin{equation}\int_0^1 f(x)\,dx = 1\end{equation}
\begin{tabular}{l|r} A & B \\ \hline 1 & 2 \\ \end{tabular}
\begin{itemize}\item one \item two\end{itemize}
\chapter{Wind}
\href{https://example.org}{A link}, see \cite{knuth}.
\end{document}"""


def _prepare(folder: Path, name: str, text: str | bytes, **policy: int) -> Prepared:
    source = folder / f"uploaded-{name}"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    box = folder / "box"
    box.mkdir()
    request = ConversionRequest(source, name, folder)
    return pandoc.prepare(request, box, SandboxPolicy(require=sys.platform == "linux", **policy))


def _book(folder: Path, name: str, text: str | bytes) -> Book:
    request = _prepare(folder, name, text).request
    return read_source(request.source, request.name)[1].book


def _words(book: Book) -> str:
    return " ".join(blocks_text(chapter.blocks) for chapter in book.chapters)


class TestRecognise:
    @pytest.mark.parametrize(
        ("name", "head", "kind"),
        [
            ("a.tex", b"\\chapter{One}", "latex"),
            ("a.txt", b"% draft\n\\documentclass{book}", "latex"),
            ("a.ORG", b"* One", "org"),
            ("a.fb2", b"<FictionBook/>", "fb2"),
            ("a.xml", b'<book xmlns="http://docbook.org/ns/docbook"/>', "docbook"),
        ],
    )
    def test_knows_pandocs_formats(self, tmp_path: Path, name: str, head: bytes, kind: str) -> None:
        (tmp_path / "x").write_bytes(head)
        found = pandoc.recognise(tmp_path / "x", name)
        assert found is not None
        assert found.name == kind

    @pytest.mark.parametrize(
        ("name", "head"),
        [
            ("a.docx", b"PK\x03\x04"),
            ("a.md", b"# One"),
            ("a.rtf", b"{\\rtf1 x}"),
            ("a.tex", b"\n{\\rtf1 x}"),
            ("a.rtf", b"MZ"),
            ("a.txt", b"Once"),
            ("a.xml", b"<plist/>"),
        ],
    )
    def test_leaves_the_others_alone(self, tmp_path: Path, name: str, head: bytes) -> None:
        (tmp_path / "x").write_bytes(head)
        assert pandoc.recognise(tmp_path / "x", name) is None


class TestPrepare:
    def test_reads_latex(self, tmp_path: Path) -> None:
        book = _book(tmp_path, "a.tex", _TEX)
        assert titles(book) == ["Salt", "Wind"]
        assert book.metadata.title == "The Tide Tables"
        assert [who.name for who in book.metadata.contributors] == ["Ann Hale", "Bo Lind"]
        kinds = (NoteRef, Math, Table, ListBlock, Link, SmallCaps)
        assert [len(nodes(book, kind)) for kind in kinds] == [1, 2, 1, 1, 1, 1]
        assert "[knuth]" in _words(book)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.org", "* Salt\nThe /sea/ and the *shore*.\n"),
            ("a.rst", "Salt\n====\n\nThe *sea* and the **shore**.\n\nWind\n====\n\nAfter.\n"),
            ("a.textile", "h1. Salt\n\nThe _sea_ and the *shore*.\n"),
            ("a.mediawiki", "= Salt =\nThe ''sea'' and the '''shore'''.\n"),
            ("a.typ", "= Salt\nThe _sea_ and the *shore*.\n"),
            (
                "a.fb2",
                '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section><title><p>Salt</p>'
                "</title><p>The <emphasis>sea</emphasis> and the <strong>shore</strong>.</p></section></body></FictionBook>",
            ),
            (
                "a.docbook",
                '<book xmlns="http://docbook.org/ns/docbook"><chapter><title>Salt</title><para>The <emphasis>sea'
                '</emphasis> and the <emphasis role="strong">shore</emphasis>.</para></chapter></book>',
            ),
            (
                "a.ipynb",
                json.dumps(
                    {
                        "cells": [
                            {
                                "cell_type": "markdown",
                                "metadata": {},
                                "source": ["# Salt\n", "The *sea* and the **shore**.\n"],
                            }
                        ],
                        "metadata": {},
                        "nbformat": 4,
                        "nbformat_minor": 5,
                    }
                ),
            ),
        ],
    )
    def test_reads_the_others(self, tmp_path: Path, name: str, text: str) -> None:
        book = _book(tmp_path, name, text)
        assert "Salt" in titles(book)
        assert "The sea and the shore." in _words(book)
        assert plain_text(nodes(book, Heading)[0].inlines) == "Salt"
        assert [len(nodes(book, kind)) for kind in (Emphasis, Strong)] == [1, 1]

    def test_reads_other_encodings(self, tmp_path: Path) -> None:
        text = '<?xml version="1.0" encoding="windows-1251"?><FictionBook><body><section><p>Соль и ветер</p></section></body></FictionBook>'
        assert "Соль и ветер" in _words(_book(tmp_path, "a.fb2", text.encode("cp1251")))

    def test_pictures_inside_fictionbook(self, tmp_path: Path) -> None:
        data = base64.b64encode(picture()).decode()
        text = (
            '<FictionBook xmlns:l="http://www.w3.org/1999/xlink"><body><section><p>Salt</p><image l:href="#p.png"/></section>'
            f'</body><binary id="p.png" content-type="image/png">{data}</binary></FictionBook>'
        )
        book = _book(tmp_path, "a.fb2", text)
        assert len(nodes(book, Figure)) == 1

    def test_leaves_our_own_formats_to_us(self, tmp_path: Path) -> None:
        prepared = _prepare(tmp_path, "a.md", "# Salt")
        assert prepared.kind is None
        assert prepared.request.name == "a.md"

    def test_tells_of_files_that_were_not_sent_along(self, tmp_path: Path) -> None:
        text = (
            r"\documentclass{book}\begin{document}\chapter{One} Text. \input{chapters/two}\include{three}\end{document}"
        )
        found = _prepare(tmp_path, "a.tex", text).findings
        assert [(f.code, f.facts) for f in found] == [("source.include-missing", {"count": 2, "name": "two.tex"})]

    def test_tells_of_commands_it_could_not_read(self, tmp_path: Path) -> None:
        text = r"\begin{document}\vspace{1cm}Once \begin{tikzpicture}\draw (0,0);\end{tikzpicture} there was.\end{document}"
        found = _prepare(tmp_path, "a.tex", text).findings
        assert [(f.code, f.facts) for f in found] == [("source.commands-skipped", {"count": 1})]
        assert "tikzpicture" in found[0].quote

    def test_refuses_without_pandoc(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pandoc, "program", lambda: None)
        with pytest.raises(AuthorFixable) as refused:
            _prepare(tmp_path, "a.tex", _TEX)
        assert (refused.value.code, refused.value.facts) == ("source.needs-pandoc", {"kind": "LaTeX"})

    @pytest.mark.parametrize(
        ("name", "text", "code"),
        [
            ("a.tex", r"\newcommand{\a}{\a\a}\begin{document}\a\end{document}", "source.pandoc-failed"),
            ("a.ipynb", "{", "source.pandoc-failed"),
            ("a.fb2", "<FictionBook><body>", "source.pandoc-failed"),
            ("a.rst", b"\x00\x01\x02\x03" * 200, "source.binary"),
        ],
    )
    def test_refuses_what_cannot_be_read(self, tmp_path: Path, name: str, text: str | bytes, code: str) -> None:
        with pytest.raises(AuthorFixable) as refused:
            _prepare(tmp_path, name, text)
        assert refused.value.code == code

    def test_ends_deep_nesting_at_a_limit(self, tmp_path: Path) -> None:
        with pytest.raises(AuthorFixable) as refused:
            _prepare(tmp_path, "a.tex", r"\begin{document}" + "{" * 5000, cpu_s=1)
        assert (refused.value.code, refused.value.facts) == ("source.too-demanding", {"limit": "time"})

    @pytest.mark.parametrize(
        ("limits", "limit"), [({"cpu_s": 1}, "time"), ({"cpu_s": 20, "memory_bytes": 90_000_000}, "memory")]
    )
    def test_ends_a_bomb_at_a_limit(self, tmp_path: Path, limits: dict[str, int], limit: str) -> None:
        steps = "".join(
            rf"\newcommand{{\{c * 3}}}{{{(chr(92) + b * 3) * 10}}}" for b, c in zip("abcdefgh", "bcdefghi", strict=True)
        )
        text = rf"\newcommand{{\aaa}}{{salt }}{steps}\begin{{document}}\iii\end{{document}}"
        with pytest.raises(AuthorFixable) as refused:
            _prepare(tmp_path, "a.tex", text, **limits)
        assert (refused.value.code, refused.value.facts) == ("source.too-demanding", {"limit": limit})

    def test_stops_when_asked(self, tmp_path: Path) -> None:
        (tmp_path / "a.tex").write_text(_TEX)
        request = ConversionRequest(tmp_path / "a.tex", "a.tex", tmp_path)
        (tmp_path / "box").mkdir()
        with pytest.raises(Stopped):
            pandoc.prepare(request, tmp_path / "box", SandboxPolicy(), lambda: True)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on loopback, and who came to it."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port, ended = server.getsockname()[1], threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, who = server.accept()
                except TimeoutError:
                    continue
                callers.append(who)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield port, callers
        ended.set()
        thread.join()


class TestBox:
    """Hostile sources: nothing of this machine in the book, nothing written, nobody called."""

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.tex", r"\begin{document}Salt \input{SECRET}\include{SECRET}\verbatiminput{SECRET}\lstinputlisting{SECRET}\end{document}"),
            ("a.tex", r"\documentclass{book}\usepackage{SECRET}\begin{document}Salt \openin5=SECRET \read5 to\x \x\end{document}"),
            ("a.rst", "Salt\n\n.. include:: SECRET\n\n.. literalinclude:: SECRET\n\n.. csv-table::\n   :file: SECRET\n"),
            ("a.org", "Salt\n\n#+INCLUDE: \"SECRET\"\n\n[[file:SECRET]]\n"),
            ("a.typ", 'Salt #include "SECRET" #read("SECRET") #image("SECRET")'),
            ("a.docbook", '<!DOCTYPE book [<!ENTITY x SYSTEM "file://SECRET">]><book xmlns="http://docbook.org/ns/docbook"><para>Salt &x;</para></book>'),
            ("a.textile", "Salt !SECRET!"),
        ],
    )  # fmt: skip
    def test_reads_no_file_of_this_machine(self, tmp_path: Path, name: str, text: str) -> None:
        secret = tmp_path / "secret.png"
        secret.write_text("the-secret-of-this-machine")
        try:
            request = _prepare(tmp_path, name, text.replace("SECRET", str(secret))).request
        except AuthorFixable as refused:
            assert refused.code == "source.pandoc-failed"
            return
        page = request.source.read_text()
        assert "Salt" in page
        assert "the-secret-of-this-machine" not in page
        assert base64.b64encode(b"the-secret-of-this-machine").decode()[:20] not in page

    def test_writes_nothing_and_starts_nothing(self, tmp_path: Path) -> None:
        bait = tmp_path / "bait"
        text = (
            rf"\begin{{document}}Salt \write18{{touch {bait}}}\immediate\openout3={bait} \write3{{x}}\end{{document}}"
        )
        _prepare(tmp_path, "a.tex", text)
        assert not bait.exists()
        assert sorted(p.name for p in (tmp_path / "box" / "pandoc").iterdir()) == [
            "book.html",
            "frame.html",
            "log",
            "order.json",
            "source",
        ]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.tex", r"\begin{document}Salt \includegraphics{http://127.0.0.1:PORT/x.png}\end{document}"),
            ("a.rst", "Salt\n\n.. image:: http://127.0.0.1:PORT/x.png\n"),
            ("a.docbook", '<!DOCTYPE book SYSTEM "http://127.0.0.1:PORT/x.dtd"><book xmlns="http://docbook.org/ns/docbook"><para>Salt</para></book>'),
        ],
    )  # fmt: skip
    def test_calls_nobody(self, tmp_path: Path, listener: tuple[int, list[object]], name: str, text: str) -> None:
        port, callers = listener
        _prepare(tmp_path, name, text.replace("PORT", str(port)))
        assert callers == []

    @linux_only
    @pytest.mark.parametrize(
        "arguments",
        [
            ["-f", "latex", "-t", "plain", "-o", "out.txt", "OUTSIDE"],
            ["-f", "markdown", "-t", "html", "--embed-resources", "--standalone", "-o", "out.txt", "picture.md"],
            ["-f", "markdown", "-t", "html", "--lua-filter", "run.lua", "-o", "out.txt", "picture.md"],
        ],
    )
    def test_the_walls_hold_without_pandocs_own(self, tmp_path: Path, arguments: list[str]) -> None:
        """Pandoc without --sandbox, asked to read a file outside, to embed it, to start a program."""
        outside, box = tmp_path / "outside.tex", tmp_path / "box"
        outside.write_text("the-secret-of-this-machine")
        box.mkdir()
        (box / "picture.md").write_text(f"![x](file://{outside}) ![y]({outside})")
        (box / "run.lua").write_text("""
            function Pandoc(doc)
              local done = os.execute("touch touched")
              local pipe = pcall(pandoc.pipe, "/bin/sh", {"-c", "touch touched"}, "")
              return pandoc.Pandoc(pandoc.Para(tostring(done) .. tostring(pipe)))
            end""")
        program = pandoc.program()
        code = (
            "import os, sys; from pathlib import Path; from conversion.engine.process import sandbox\n"
            f"sandbox.confine_program(Path({str(box)!r}), Path({str(program)!r}), sandbox.SandboxPolicy(require=True), 10)\n"
            f"os.execve({str(program)!r}, ['pandoc', *sys.argv[1:]], {{}})"
        )
        command = [sys.executable, "-P", "-c", code, *(a.replace("OUTSIDE", str(outside)) for a in arguments)]
        subprocess.run(command, cwd=box, env={"PYTHONPATH": str(PROJECT)}, capture_output=True, timeout=60, check=False)
        written = box / "out.txt"
        made = written.read_text() if written.exists() else ""
        assert "the-secret" not in made
        assert base64.b64encode(b"the-secret-of").decode()[:12] not in made
        assert "true" not in made
        assert not (box / "touched").exists()

    @linux_only
    @pytest.mark.parametrize("code", ["os.execv('/bin/true', ['true'])", "open('/etc/passwd')", "__import__('socket').socket()"])  # fmt: skip
    def test_only_the_program_may_start(self, tmp_path: Path, code: str) -> None:
        program = pandoc.program()
        script = f"""
import os, socket, sys
from pathlib import Path
from conversion.engine.process import sandbox
sandbox.confine_program(Path({str(tmp_path)!r}), Path({str(program)!r}), sandbox.SandboxPolicy(require=True), 10)
try:
    {code}
except PermissionError:
    os.write(1, b"refused")
os._exit(0)
"""
        run = subprocess.run(
            [sys.executable, "-P", "-c", script],
            env={"PYTHONPATH": str(PROJECT)},
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert run.stdout == b"refused", run.stderr


class TestRun:
    def test_converts_under_the_formats_own_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.tex").write_text(_TEX)
        (tmp_path / "out").mkdir()
        request = ConversionRequest(tmp_path / "a.tex", "tides.tex", tmp_path / "out", formats=("epub",))
        result = runner.run(request, lambda progress: None)
        assert (result.source_format, result.title) == ("latex", "The Tide Tables")
        assert (tmp_path / "out" / "book.epub").stat().st_size > 1000

    def test_leaves_nothing_behind_when_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.ipynb").write_text("{")
        (tmp_path / "out").mkdir()
        with pytest.raises(ConversionError):
            runner.run(ConversionRequest(tmp_path / "a.ipynb", "a.ipynb", tmp_path / "out"), lambda progress: None)
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.ipynb", "out"]


class TestFailure:
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (-signal.SIGXCPU, "source.too-demanding"),
            (251, "source.too-demanding"),
            (pandoc.EXIT_BINARY, "source.binary"),
            (pandoc.EXIT_NO_WALLS, "sandbox.unavailable"),
            (pandoc.EXIT_FAULT, "child.crashed"),
            (-signal.SIGSEGV, "child.crashed"),
            (-signal.SIGKILL, "child.killed"),
            (64, "source.pandoc-failed"),
        ],
    )
    def test_is_told_by_the_exit_status(self, tmp_path: Path, status: int, code: str) -> None:
        (tmp_path / "log").write_text("landlock")
        assert pandoc._failure(status, pandoc.LATEX, tmp_path).code == code
