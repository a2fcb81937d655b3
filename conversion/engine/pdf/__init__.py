"""A Book as PDFs, one for each target: set a chapter at a time, then joined.

This is the one interface to the PDF writer. `Press` chooses the engine for each piece; nobody outside notices which.
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


type _Setting = tuple[tuple[Target, ...], int]  # a piece, and what it is set for
type _Joining = tuple[Target, list[Part]]


def _run(crew: Crew, press: Press, targets: Sequence[Target], out_dir: Path) -> Iterator[tuple[Target, Path, int]]:
    """Set all pieces; join a target as soon as its last piece is set."""
    count = len(press.survey.pieces)
    parts: dict[str, dict[int, Part]] = {target.name: {} for target in targets}
    for task in _settings(press, targets):
        crew.submit(task)
    if not count:
        for target in targets:
            crew.submit((target, []))
    for (what, which), result in crew.results():
        if isinstance(what, Target):
            yield what, out_dir / f"{what.name}.pdf", result
            continue
        for target, part in zip(what, result, strict=True):
            parts[target.name][which] = part
            if len(parts[target.name]) == count:
                crew.submit_first((target, [part for _, part in sorted(parts[target.name].items())]))


def _settings(press: Press, targets: Sequence[Target]) -> Iterator[_Setting]:
    """First the pieces our own engine sets, each for all targets at once, since its words are shaped for all of them;
    then the others, target by target."""
    ours = [press.is_ours(index) for index in range(len(press.survey.pieces))]
    for index, is_ours in enumerate(ours):
        if is_ours:
            yield tuple(targets), index
    for target in targets:
        for index, is_ours in enumerate(ours):
            if not is_ours:
                yield (target,), index


def _work(press: Press, out_dir: Path, task: _Setting | _Joining) -> list[Part] | int:
    what, which = task
    if isinstance(what, Target):
        assert not isinstance(which, int)  # noqa: S101  # joining takes parts
        return join_parts(press, what, which, out_dir / f"{what.name}.pdf")
    assert isinstance(which, int)  # noqa: S101  # setting takes a piece
    return [press.set_piece(target, which) for target in what]


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
