"""What pandoc reads in a manuscript, as an independent second opinion. Part of `bench/fidelity.py`."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pypandoc

from bench.fidelity_text import CELL, CODE, EMPHASIS, HEADING, ITEM, LINK, STRONG, Opinion, Tape

type Node = dict[str, Any]


def read(path: Path, form: str) -> Opinion:
    """Pandoc's view of the file, read as `form`."""
    command = [pypandoc.get_pandoc_path(), "--from", form, "--to", "json", "--sandbox", str(path)]
    tree = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=600).stdout)
    return _Tree().read(tree)


class _Tree:
    def __init__(self) -> None:
        self.main = Tape()
        self.notes = Tape()
        self.tape = self.main
        self.counts: Counter[str] = Counter()

    def read(self, tree: Node) -> Opinion:
        for name in ("title", "subtitle", "author"):
            if name in tree["meta"]:
                self._meta(tree["meta"][name])
        self._blocks(tree["blocks"], 0)
        return Opinion(self.main.words(), self.notes.words(), self.counts)

    def _meta(self, value: Node) -> None:
        if value["t"] == "MetaInlines":
            self._inlines(value["c"], 0)
        elif value["t"] == "MetaString":
            self.tape.add(value["c"], 0)
        elif value["t"] == "MetaBlocks":
            self._blocks(value["c"], 0)
        elif value["t"] == "MetaList":
            for item in value["c"]:
                self._meta(item)
        self.tape.gap()

    # ------------------------------------------------------------ blocks

    def _blocks(self, blocks: Iterable[Node], marks: int) -> None:
        for block in blocks:
            self.tape.gap()
            self._block(block["t"], block.get("c"), marks)
            self.tape.gap()

    def _block(self, kind: str, content: Any, marks: int) -> None:
        if kind in ("Plain", "Para"):
            self._inlines(content, marks)
        elif kind == "LineBlock":
            self._blocks([{"t": "Plain", "c": line} for line in content], marks)
        elif kind == "Header":
            self.counts["headings"] += 1
            self._inlines(content[2], marks | HEADING)
        elif kind == "CodeBlock":
            self.tape.add(content[1], marks | CODE)
        else:
            self._container(kind, content, marks)

    def _container(self, kind: str, content: Any, marks: int) -> None:
        if kind == "BlockQuote":
            self._blocks(content, marks)
        elif kind == "Div":
            self._blocks(content[1], marks)
        elif kind == "Figure":
            self._blocks(content[2], marks)
            self._blocks(content[1][1], marks)
        elif kind in ("BulletList", "OrderedList"):
            for item in content if kind == "BulletList" else content[1]:
                self.counts["items"] += 1
                self._blocks(item, marks | ITEM)
        elif kind == "DefinitionList":
            for term, meanings in content:
                self._blocks([{"t": "Plain", "c": term}, *(block for blocks in meanings for block in blocks)], marks)
        elif kind == "Table":
            self._table(content, marks)

    def _table(self, content: Any, marks: int) -> None:
        self.counts["tables"] += 1
        _, caption, _, head, bodies, foot = content
        self._blocks(caption[1], marks)
        rows = [*head[1], *(row for body in bodies for part in (body[2], body[3]) for row in part), *foot[1]]
        for row in rows:
            for cell in row[1]:
                self._blocks(cell[4], marks | CELL)

    # ------------------------------------------------------------ inlines

    def _inlines(self, inlines: Iterable[Node], marks: int) -> None:
        for node in inlines:
            self._inline(node["t"], node.get("c"), marks)

    def _inline(self, kind: str, content: Any, marks: int) -> None:
        if kind == "Str":
            self.tape.add(content, marks)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            self.tape.gap()
        elif kind in ("Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"):
            self._inlines(content, marks | {"Emph": EMPHASIS, "Strong": STRONG}.get(kind, 0))
        elif kind in ("Quoted", "Cite", "Span"):
            self._inlines(content[1], marks)
        elif kind == "Code":
            self.tape.add(content[1], marks | CODE)
        elif kind == "Math":
            self.counts["formulas"] += 1
        elif kind == "Link":
            self.counts["links"] += 1
            self._inlines(content[1], marks | LINK)
        elif kind == "Image":
            self.counts["images"] += 1
        elif kind == "Note":
            self.counts["notes"] += 1
            outer, self.tape = self.tape, self.notes
            self._blocks(content, 0)
            self.tape = outer
