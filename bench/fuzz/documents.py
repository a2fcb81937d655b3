"""Random documents in every format that our own readers read: valid in their outer form, and anything inside.

Elements, properties and control words are those that readers know, nested and valued as no program would. Everything
follows from a `random.Random`, so a seed is a document.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from bench.fuzz.markup import epub, html
from bench.fuzz.office import docx, odt, rtf
from bench.fuzz.words import NUMBERS, picture, split, text, tree, zipped

_LINES = (
    *(
        "# Chapter",
        "## II",
        "Title\n=====",
        "---",
        "***",
        "> quote",
        "- item",
        "  - nested",
        "1. one",
        "99) x",
        "    code",
    ),
    *(
        "```",
        "~~~ {.x #y}",
        "$$\\frac{a}{",
        "$\\foo{x}$ $a_1^2$",
        "| a | b |\n|---|:-:|\n| c |",
        "+--+\n| x|\n+==+",
        "[^1]: note",
    ),
    *(
        "text[^1] [^2]",
        "![alt](p.png){width=50%}",
        '[link](#x "t")',
        "[x]: <y> 'z'",
        "<div>",
        "</div>",
        "<b",
        "&#x110000;",
    ),
    *(
        "| verse\n|   more",
        "Term\n:   Definition",
        "a\\\nb  \nc",
        "---\ntitle: [x\n---",
        "% T\n% A",
        "- [ ] task",
        ":::: {.x}",
    ),
    *(
        "*a **b* c**",
        "`` ` ``",
        "H~2~O ^x^ ~~y~~",
        "\\begin{align}x&=1\\\\\\end{align}",
        "CHAPTER I",
        "_x_",
        "  THE END",
        "\f",
    ),
    *(
        "  Simple  Table\n  ----  ----\n  a  b\n",
        "(@x) example",
        "[#ch]{.y}",
        "***bold***text",
        "&lt;&nbsp;&bogus;",
        "\t\tx",
    ),
)


def _lines(chance: random.Random) -> str:
    ends = ("\n", "\n\n", "\n\n", "\r\n", "\n\n\n\n", "\r")
    return "".join(
        chance.choice((chance.choice(_LINES), text(chance))) + chance.choice(ends)
        for _ in range(chance.choice((1, 6, 20, 60)))
    )


def _markdown(chance: random.Random) -> bytes:
    return _lines(chance).encode()


def _plain(chance: random.Random) -> bytes:
    codec = chance.choice(("utf-8", "utf-16", "cp1252", "utf-8-sig", "shift_jis", "koi8-r"))
    return _lines(chance).encode(codec, "replace")


def _markdown_zip(chance: random.Random) -> bytes:
    names = ("a.md", "b/c.md", "README.md", "d e.md")
    entries = "\n".join(
        chance.choice(
            ("# Part", "- [One](a.md)", "  - [Two](b/c.md)", "* [](missing.md)", "[x](../a.md)", "a.md", text(chance))
        )
        for _ in range(6)
    )
    parts: dict[str, str | bytes] = {chance.choice(("SUMMARY.md", "Book.txt", "src/SUMMARY.md", "z.txt")): entries}
    for name in names:
        parts[name] = _lines(chance) + "\n[x](b/c.md#y) ![z](p.png) {{#include a.md}}\n"
    return zipped(parts | {"p.png": picture(chance)})


# ---------------------------------------------------------------- pages, and our own form


def _comic(chance: random.Random) -> bytes:
    parts: dict[str, str | bytes] = {f"{number}.png": picture(chance) for number in range(chance.randrange(1, 4))}
    tags = split("Title Series Number Summary Writer Penciller LanguageISO Manga PageCount Pages Page Year Month GTIN")
    parts["ComicInfo.xml"] = (
        f"<ComicInfo>{tree(chance, tags, lambda: f'Image={chance.choice(NUMBERS)!r}', 2)}</ComicInfo>"
    )
    return zipped(parts)


def _own(chance: random.Random) -> bytes:
    keys = split("type children text blocks inlines level items rows title chapters metadata id notes assets lang kind")

    def value(depth: int) -> object:
        kind = chance.random()
        if not depth or kind < 0.4:
            return chance.choice((text(chance), 0, -1, 1e300, None, True, "paragraph", "heading", "text", "table"))
        if kind < 0.7:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        return {chance.choice(keys): value(depth - 1) for _ in range(chance.randrange(5))}

    return json.dumps(
        {"octavo-book": chance.choice((1, 2, "1")), "book": value(6), **{k: value(3) for k in keys[:3]}}
    ).encode()


MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "html": html,
    "epub": epub,
    "docx": docx,
    "odt": odt,
    "rtf": rtf,
    "md": _markdown,
    "txt": _plain,
    "zip": _markdown_zip,
    "cbz": _comic,
    "octavo": _own,
}


def generated(chance: random.Random) -> tuple[str, bytes]:
    """Return the name and the content of a document in any of the formats."""
    name = chance.choice(sorted(MAKERS))
    return f"fuzz.{name}", MAKERS[name](chance)
