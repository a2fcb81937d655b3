"""The process that becomes pandoc: `python -m conversion.engine.process.pandoc_child`, started by `pandoc.py`.

Reads one order as JSON from standard input, sets up the sandbox (`sandbox.confine_program`), converts the source to
UTF-8, and then executes pandoc: with an empty environment, in a folder of its own, unable to start any other program.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from ..errors import AuthorFixable, PlatformFault
from ..gate import encoding
from . import sandbox, sandbox_linux
from .pandoc import EXIT_BINARY, EXIT_FAULT, EXIT_NO_WALLS

_XML = frozenset({"fb2", "docbook"})
# Our own template: pandoc's adds style sheets, uses the file name as title, and puts the date in a paragraph.
_PAGE = """<!DOCTYPE html>
<html$if(lang)$ lang="$lang$"$endif$$if(dir)$ dir="$dir$"$endif$><head><meta charset="utf-8">
$if(title)$<title>$pagetitle$</title>$endif$
$for(author-meta)$<meta name="author" content="$author-meta$">
$endfor$$if(date-meta)$<meta name="date" content="$date-meta$">$endif$
$if(description-meta)$<meta name="description" content="$description-meta$">$endif$
<style>span.smallcaps { font-variant: small-caps } span.underline { text-decoration: underline }</style></head><body>
$if(title)$<header id="title-block-header"><h1 class="title">$title$</h1>
$if(subtitle)$<p class="subtitle">$subtitle$</p>$endif$
$for(author)$<p class="author">$author$</p>
$endfor$</header>$endif$
$if(abstract)$<section class="abstract">$abstract$</section>$endif$
$body$
</body></html>
"""


def main() -> NoReturn:
    """Carry out one order. Ends as pandoc, or with one of our own three exit statuses."""
    order = json.load(sys.stdin)
    if sys.platform == "linux":
        sandbox_linux.die_with_parent()
    os.umask(0o077)
    folder, program = Path(order["folder"]), Path(order["program"])
    source = folder / "source"
    policy = sandbox.SandboxPolicy(**order["policy"])
    try:
        sandbox.confine_program(folder, program, policy, source.stat().st_size)
        _to_utf8(source, is_markup=order["reader"] in _XML)
        (folder / "frame.html").write_text(_PAGE, encoding="utf-8")
        os.execve(program, ["pandoc", *arguments(order["reader"], policy.memory_bytes)], {})  # noqa: S606 (no shell is wanted)
    except PlatformFault as fault:
        sys.stderr.write(str(fault.facts.get("missing", "")))
        sys.exit(EXIT_NO_WALLS)
    except AuthorFixable:
        sys.exit(EXIT_BINARY)
    except OSError as error:
        sys.stderr.write(f"{type(error).__name__} {error.errno}")
        sys.exit(EXIT_FAULT)


def arguments(reader: str, memory_bytes: int) -> list[str]:
    """Return pandoc's command line: one HTML file with embedded pictures, formulas as MathML, and no other input than
    the source.

    The heap, in megabytes, is two thirds of the memory, so that pandoc can still report when it has run out.
    """
    return [
        *("--sandbox", "--verbose", "--from", reader, "--to", "html5", "--embed-resources"),
        *("--template", "frame.html", "--mathml", "--wrap=none", "--output", "book.html", "source"),
        *("+RTS", f"-M{memory_bytes * 2 // 3_000_000}m", "-RTS"),
    ]


def _to_utf8(source: Path, *, is_markup: bool) -> None:
    """Convert the source to UTF-8, the only encoding pandoc reads. Raises AuthorFixable "source.binary" for binary
    data."""
    data = source.read_bytes()
    text, codec = encoding.decode(data, is_markup=is_markup)
    if codec != "utf-8":
        source.write_bytes(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
