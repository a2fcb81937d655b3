"""A Book as PDFs, one for each target: set by WeasyPrint a chapter at a time, then joined with pikepdf.

This is the one interface to the PDF writer. Another setting engine for plain prose can take pieces behind `Press`
without anyone outside noticing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .. import fonts
from ..book import Asset, Book
from ..designs import DESIGNS, Design
from ..targets import Target, with_gutter
from .fitting import estimated_pages
from .forks import Crew
from .join import join_parts
from .press import Part, Press

__all__ = ["write_pdfs"]


def write_pdfs(
    book: Book,
    targets: Sequence[Target],
    out_dir: Path,
    *,
    jobs: int,
    cover: Asset | None,
    design: Design = DESIGNS["classic"],
    font_folders: Sequence[Path] = fonts.DEFAULT_FOLDERS,
) -> Iterator[tuple[Target, Path, int]]:
    """Write `<target>.pdf` for each target into `out_dir`; yield target, file and page count as each is ready.

    Chapters are spread over `jobs` forked processes. A cover of None means the source's own, if it has one.
    Nothing is written outside `out_dir`, temporary files included. Equal arguments give equal bytes. Raises
    PlatformFault when a chapter cannot be set.
    """
    if cover is None:
        cover = book.assets.get(book.cover)
    with _folder(out_dir) as folder:
        press = Press(book, folder, cover, design, font_folders)
        targets = [with_gutter(target, estimated_pages(press.survey, target, design)) for target in targets]
        press.prepare(targets)
        with Crew(lambda task: _work(press, out_dir, task), jobs) as crew:
            yield from _run(crew, press, targets, out_dir)


def _run(crew: Crew, press: Press, targets: Sequence[Target], out_dir: Path) -> Iterator[tuple[Target, Path, int]]:
    """Set all pieces, target by target; join a target as soon as its last piece is set."""
    count = len(press.survey.pieces)
    parts: dict[str, dict[int, Part]] = {target.name: {} for target in targets}
    for target in targets:
        for index in range(count):
            crew.submit((target, index))
        if not count:
            crew.submit((target, []))
    for (target, what), result in crew.results():
        if not isinstance(what, int):
            yield target, out_dir / f"{target.name}.pdf", result
            continue
        parts[target.name][what] = result
        if len(parts[target.name]) == count:
            crew.submit_first((target, [part for _, part in sorted(parts[target.name].items())]))


def _work(press: Press, out_dir: Path, task: tuple[Target, int | list[Part]]) -> Part | int:
    target, what = task
    if isinstance(what, int):
        return press.set_piece(target, what)
    return join_parts(press, target, what, out_dir / f"{target.name}.pdf")


@contextmanager
def _folder(out_dir: Path) -> Iterator[Path]:
    """A folder for parts inside `out_dir`, where WeasyPrint's own temporary files go too."""
    folder = Path(tempfile.mkdtemp(prefix=".pdf-", dir=out_dir))
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
