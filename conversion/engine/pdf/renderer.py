"""Every part of a book is set for a target, by the engine that can.

Plain prose is set by our own engine (`prose`), everything else by WeasyPrint (`weasy`), piece by piece. Both make
batches for the joiner. Everything slow to prepare (faces, the survey, WeasyPrint with its style sheets where it is
needed at all) is prepared once in the parent process and inherited by the forked helpers.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..book.model import Asset, Book, Math
from ..book.plain_blocks import plain_blocks, plain_notes
from ..book.walk import plain, walk
from ..markup.survey import Survey, survey
from ..support.cache import NO_CACHE, Cache
from ..targets import Target
from ..typography import fonts
from ..typography.designs import DESIGNS, Design
from ..typography.fonts import Face
from .figures import figures_of
from .initials import Initials
from .keys import Keys
from .markup import PdfMarkup
from .page_batch import PageBatch
from .part import Part
from .prose import Display, Setter, Unsettable
from .turned import rotated
from .upright import faces_for

if TYPE_CHECKING:
    from .weasy import Weasy

__all__ = ["PIECE_CHARACTERS", "VERSO_ROLES", "Part", "Renderer"]

PIECE_CHARACTERS = 400_000
VERSO_ROLES = ("copyright-page", "imprint")


class Renderer:
    """Sets the parts of one book. `folder` takes the parts and WeasyPrint's temporary files. Without `is_prose_ours`
    everything is set by WeasyPrint."""

    def __init__(
        self,
        book: Book,
        folder: Path,
        cover: Asset | None,
        design: Design = DESIGNS["classic"],
        font_folders: Sequence[Path] = fonts.DEFAULT_FOLDERS,
        *,
        is_prose_ours: bool = True,
        cache: Cache = NO_CACHE,
    ) -> None:
        self.book = book
        self.folder = folder
        self.cover = cover
        self.design = design
        self.survey: Survey = survey(book, piece_characters=PIECE_CHARACTERS)
        self.pictures = dict(book.assets) | ({cover.sha256: cover} if cover else {})
        self.language = book.metadata.language
        self.is_described = self.survey.features.images_without_alt == 0
        self._folders = font_folders
        self.faces: dict[Face, bytes] = {}  # those this book needs, as far as they are installed
        self.initials = Initials(design, self.faces)
        self.prose = Setter(self.survey, design, self.initials, self.load_face) if is_prose_ours else None
        self._weasy: Weasy | None = None
        self.has_fallen_back = False  # since it was last set to False: some part had to be left to the other engine
        self._cache = cache
        self._keys = Keys(self._cache, self.survey, design, is_prose_ours=is_prose_ours)

    # ------------------------------------------------------------ faces

    def load_face(self, face: Face) -> bytes | None:
        """Return a packaged face, loaded when it is first asked for; None where it is not installed."""
        if face not in self.faces:
            content = fonts.load(face, self._folders)
            if content is None:
                return None
            self.faces[face] = content
        return self.faces[face]

    def face(self, number: int) -> bytes:
        """Return the bytes of a packaged face by its place in `fonts.FACES`. Raises LookupError where it is not
        installed."""
        content = self.load_face(fonts.FACES[number])
        if content is None:
            raise LookupError(fonts.FACES[number].file)
        return content

    def _load_faces(self, targets: Sequence[Target]) -> None:
        """Load what WeasyPrint may need of the design's faces: it cannot ask for more while it works."""
        texts = [plain(chapter.blocks) for chapter in self.book.chapters]
        texts += [plain(note.blocks) for note in self.book.notes.values()]
        texts += [self.book.metadata.title, self.book.metadata.subtitle]
        texts += [person.name for person in self.book.metadata.contributors]
        scripts = fonts.scripts_in(texts)
        self.faces |= self.upright
        for face in fonts.faces_of(self.design, weights={400, *(target.weight for target in targets)}):
            if face.scripts in scripts:
                self.load_face(face)

    # ------------------------------------------------------------ setting

    def prepare(self, targets: Sequence[Target], pieces: Collection[int]) -> None:
        """Load what these pieces of the book will need for these targets, before helpers are forked."""
        if self.prose is not None and pieces:
            self.prose.prepare(targets)
        if all(map(self.is_ours, pieces)):
            return
        self._load_faces(targets)
        for target in targets:
            self.weasy.styles(target)

    def is_ours(self, index: int) -> bool:
        """Tell whether a piece is set by our own engine, as far as can be told beforehand."""
        return self.prose is not None and self.prose.suits(index)

    @cached_property
    def upright(self) -> dict[Face, bytes]:
        """The faces for upright letters of a book of vertical text; none where it is not, or the system has no font."""
        if not self.book.vertical:
            return {}
        texts = [plain(chapter.blocks) for chapter in self.book.chapters]
        texts += [plain(note.blocks) for note in self.book.notes.values()]
        return faces_for(self.language, "".join(texts))

    @cached_property
    def figures(self) -> str:
        """The ten figures in which pages are counted."""
        return figures_of(self.book)

    @property
    def weasy(self) -> Weasy:
        """WeasyPrint, which takes most of a second to load."""
        if self._weasy is None:
            from .weasy import Weasy

            self._weasy = Weasy(
                self.design, self.language, self.pictures, self.faces, is_bound_right=self.book.vertical
            )
        return self._weasy

    def known_piece(self, target: Target, index: int) -> Part | None:
        """A piece as it was set in an earlier conversion, None when none is known."""
        return self._known(self._keys.piece(target, index)) if self._cache.is_kept else None

    def set_piece(self, target: Target, index: int) -> Part:
        """Set one piece of the book."""
        part = self._set_piece(target, index)
        is_kept = self._cache.is_kept and not part.is_fallback  # one that failed shall be tried, and told of, again
        return self._kept(part, self._keys.piece(target, index)) if is_kept else part

    def _known(self, key: str) -> Part | None:
        path = self._cache.find(key)
        return None if path is None else Part.known(path)

    def _kept(self, part: Part, key: str) -> Part:
        return replace(part, path=str(self._cache.keep(key, Path(part.path))))

    def _set_piece(self, target: Target, index: int) -> Part:
        is_verso = self.survey.pieces[index].chapter.role in VERSO_ROLES
        is_fallback = False
        if self.prose is not None and self.is_ours(index):
            try:
                return self.prose.set_piece(target, index, self.folder, is_verso=is_verso)
            except Unsettable:
                pass  # a character that no packaged face has, or the like: the other engine knows more
            except MemoryError:
                raise
            except Exception:
                traceback.print_exc()
                is_fallback = True
            self._load_late([target])
        is_vertical = self.is_vertical(index)
        shaped = rotated(target) if is_vertical else target
        markup = PdfMarkup(self.survey, shaped, self.design, None if is_vertical else self.initials)
        document = markup.page(index)
        batch = self.weasy.set_document(
            document, shaped, formulas=markup.formulas, is_verso=is_verso, is_vertical=is_vertical
        )
        batch.undrawn = tuple(markup.undrawn)
        return replace(self.keep(batch, f"{target.name}-{index}"), is_fallback=is_fallback)

    def set_plain(self, target: Target, index: int, cause: str) -> Part:
        """Set the words of a piece that neither engine can set, by whichever of the two can do at least that."""
        survey = self._plain_survey(index)
        name = f"{target.name}-{index}"
        self._load_late([target])
        try:
            setter = Setter(survey, self.design, self.initials, self.load_face)
            part = setter.set_piece(target, index, self.folder, is_verso=False)
        except MemoryError:
            raise
        except Exception:
            traceback.print_exc()
            part = self.keep(self.weasy.set_document(PdfMarkup(survey, target, self.design).page(index), target), name)
        return replace(part, plain_because=cause)

    def _plain_survey(self, index: int) -> Survey:
        """The survey with one piece, and its notes, reduced to their words."""
        piece = self.survey.pieces[index]
        pieces = list(self.survey.pieces)
        pieces[index] = replace(piece, blocks=plain_blocks(piece.blocks))
        book = replace(self.book, notes=plain_notes(self.book, piece.notes))
        return replace(self.survey, book=book, pieces=pieces)

    def _load_late(self, targets: Sequence[Target]) -> None:
        """Load what WeasyPrint needs for a piece that should have been ours. It begins anew: it knows the faces that
        were loaded when it first worked."""
        before = len(self.faces)
        self._load_faces(targets)
        if len(self.faces) > before:
            self._weasy = None

    def has_formulas(self, index: int) -> bool:
        """Tell whether there are formulas in a piece."""
        return any(isinstance(node, Math) for node in walk(self.survey.pieces[index].blocks))

    def is_vertical(self, index: int) -> bool:
        """Tell whether a piece is set in vertical lines: in a book of vertical text, where the system has a font for
        it, unless there are formulas, which nobody writes downwards."""
        return bool(self.upright) and not self.has_formulas(index)

    def set_document(
        self,
        document: str,
        target: Target,
        name: str,
        *,
        extra_css: str = "",
        is_tagged: bool = True,
    ) -> Part:
        """Set a document of our own markup with WeasyPrint and write it to the folder under a name, unless it is known
        from an earlier conversion."""
        key = self._keys.document(target, document, extra_css, is_tagged) if self._cache.is_kept else ""
        if key and (known := self._known(key)) is not None:
            return known
        part = self.keep(self.weasy.set_document(document, target, extra_css=extra_css, is_tagged=is_tagged), name)
        return self._kept(part, key) if key else part

    def set_display(self, make: Callable[[Display], PageBatch], name: str) -> Part | None:
        """Set a part of our own making with our own engine and write it to the folder under a name; None where the
        engine cannot, or fails."""
        if self.prose is None or self.book.vertical or self.book.direction == "rtl":
            return None
        try:
            return self.keep(make(self.prose.display), name)
        except Unsettable:
            return None
        except MemoryError:
            raise
        except Exception:
            traceback.print_exc()
            self.has_fallen_back = True
            return None

    def keep(self, batch: PageBatch, name: str) -> Part:
        """Write a batch to the folder under a name."""
        return Part.written(batch, self.folder / f"{name}.part")
