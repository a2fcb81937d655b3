"""A Book as PDFs, one for each target: set a chapter at a time, then joined.

This is the one interface to the PDF writer. `Renderer` chooses the engine for each piece; nobody outside notices which.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..book.model import Asset, Book
from ..errors import AuthorFixable, ConversionError
from ..findings import not_made
from ..findings.model import Finding
from ..support.cache import NO_CACHE, Cache
from ..support.workers import WorkerPool
from ..targets import Target, with_gutter
from ..typography import fonts
from ..typography.designs import DESIGNS, Design
from .fitting import estimated_pages
from .heads import PageHead
from .join import Joined, join_parts
from .remarks import Remarks
from .renderer import Part, Renderer

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
    cache: Cache = NO_CACHE,
    tell: Callable[[int, int], None] = lambda done, count: None,
    heads: dict[str, list[PageHead]] | None = None,
    remark: Callable[[Finding], None] | None = None,
) -> Iterator[tuple[Target, Path, int]]:
    """Write `<target>.pdf` for each target into `out_dir`; yield target, file and page count as each is ready.

    Chapters are spread over `jobs` forked processes; those in the `cache` are not set again. A cover of None means the
    source's own, if it has one. `tell` hears how many pieces of how many are set; `heads` takes what the pages of
    printed targets begin with, by target. Nothing is written outside `out_dir`, temporary files included. Equal
    arguments give equal bytes, whatever the cache holds. A chapter that cannot be set is there as its words; a target
    that cannot be made is left out, and so is what a file can do without. `remark` is told of all of it. Raises
    ConversionError where no target can be made, and without `remark` for any.
    """
    if cover is None:
        cover = book.assets.get(book.cover)
    with _folder(out_dir) as folder:
        renderer = Renderer(book, folder, cover, design, font_folders, cache=cache)
        targets = [
            with_gutter(target, estimated_pages(renderer.survey, target, design)) if target.is_facing else target
            for target in targets
        ]
        run = _Run(renderer, targets, out_dir, tell, {} if heads is None else heads, is_strict=remark is None)
        renderer.prepare(targets, {index for _, index in run.missing})
        with WorkerPool(lambda task: _work(renderer, out_dir, task), jobs) as pool:
            yield from run.results(pool)
        if remark is not None:
            for finding in run.remarks.findings(renderer.survey, targets):
                remark(finding)
        run.remarks.raise_if_all(targets)


type _Setting = tuple[tuple[Target, ...], int]  # a piece, and what it is set for
type _Plain = tuple[tuple[Target, ...], tuple[int, str]]  # the same for its words only, and why
type _Joining = tuple[Target, list[Part]]


class _Run:
    """Who is set and who is not. `missing` are the pieces to be set. Where it `is_strict`, any failure is raised."""

    def __init__(
        self,
        renderer: Renderer,
        targets: Sequence[Target],
        out_dir: Path,
        tell: Callable[[int, int], None],
        heads: dict[str, list[PageHead]],
        *,
        is_strict: bool,
    ) -> None:
        self.remarks = Remarks()
        self._is_strict = is_strict
        self._press, self._targets, self._out, self._tell, self._heads = renderer, targets, out_dir, tell, heads
        self._count = len(renderer.survey.pieces)
        self._parts: dict[str, dict[int, Part]] = {target.name: {} for target in targets}
        for target in targets:
            for index in range(self._count):
                if (known := renderer.known_piece(target, index)) is not None:
                    self._parts[target.name][index] = known
        self.missing = list(self._settings())

    def _settings(self) -> Iterator[_Setting]:
        """First the pieces our own engine sets, each for all targets at once, since its words are shaped for all of
        them; then those with formulas, which are drawn for all of them; then the others, target by target."""
        drawn: list[_Setting] = []
        others: list[int] = []
        for index in range(self._count):
            wanted = tuple(target for target in self._targets if index not in self._parts[target.name])
            if wanted and self._press.is_ours(index):
                yield wanted, index
            elif wanted and self._press.has_formulas(index):
                drawn.append((wanted, index))
            elif wanted:
                others.append(index)
        yield from drawn
        for target in self._targets:
            yield from (((target,), index) for index in others if index not in self._parts[target.name])

    def results(self, pool: WorkerPool) -> Iterator[tuple[Target, Path, int]]:
        """Have all pieces set; join a target as soon as its last piece is set, unless another piece failed."""
        for task in self.missing:
            pool.submit(task)
        for target in self._targets:
            self._join_if_whole(pool, target)
        for (what, which), result in pool.outcomes():
            if isinstance(result, ConversionError):
                self._fail(pool, what, which, result)
            elif isinstance(what, Target):
                joined, has_fallen_back = result
                self._heads[what.name] = joined.heads
                self.remarks.joined(joined.without, has_fallen_back=has_fallen_back)
                yield what, self._out / f"{what.name}.pdf", joined.pages
            else:
                self._take(pool, what, which if isinstance(which, int) else which[0], result)

    def _take(self, pool: WorkerPool, targets: tuple[Target, ...], index: int, parts: list[Part]) -> None:
        for target, part in zip(targets, parts, strict=True):
            self._parts[target.name][index] = part
            self._join_if_whole(pool, target)
        self._tell(min(map(len, self._parts.values())), self._count)

    def _fail(self, pool: WorkerPool, what: tuple[Target, ...] | Target, which: Any, error: ConversionError) -> None:
        """What failed for several targets together is tried for each alone, unless it asks for too much; then its words
        alone; then the targets are given up."""
        targets = (what,) if isinstance(what, Target) else what
        is_piece = isinstance(which, int)
        if is_piece and len(targets) > 1 and not isinstance(error, AuthorFixable):
            for target in targets:
                pool.submit(((target,), which))
        elif self._is_strict:
            raise error
        elif is_piece:
            pool.submit((targets, (which, not_made.cause_of(error))))
        else:
            index = -1 if isinstance(what, Target) else which[0]
            for target in targets:
                self.remarks.failed(target, error, index)

    def _join_if_whole(self, pool: WorkerPool, target: Target) -> None:
        parts = self._parts[target.name]
        if len(parts) == self._count:
            for index, part in sorted(parts.items()):
                self.remarks.set(target, index, part)
            pool.submit_first((target, [part for _, part in sorted(parts.items())]))


def _work(renderer: Renderer, out_dir: Path, task: _Setting | _Plain | _Joining) -> list[Part] | tuple[Joined, bool]:
    what, which = task
    if isinstance(what, Target):
        assert isinstance(which, list)  # noqa: S101  # joining takes parts
        renderer.has_fallen_back = False
        joined = join_parts(renderer, what, which, out_dir / f"{what.name}.pdf")
        return joined, renderer.has_fallen_back
    if isinstance(which, int):
        return [renderer.set_piece(target, which) for target in what]
    assert isinstance(which, tuple)  # noqa: S101  # the words of a piece
    index, cause = which
    return [renderer.set_plain(target, index, cause) for target in what]


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
