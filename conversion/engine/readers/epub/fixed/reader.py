"""From an EPUB's fixed documents to pages: plain pictures are taken as they are, everything else is drawn."""

from __future__ import annotations

import posixpath
import traceback
from dataclasses import dataclass, field

from ....book.model import Asset, ReaderResult
from ....book.page import Page, words_of
from ....errors import AuthorFixable, ConversionError
from ....findings.model import Severity
from ....gate.archive import Archive
from ....gate.xml import Element
from ...assembly.draft import Draft
from ...assembly.fixed_pages import OutlineEntry, assemble, refuse_too_many
from ...assembly.source_fonts import MAX_FACES, rebuilt
from ...assembly.xhtml_names import local_name
from ...html.parse import child, parse_page
from ...pdf import DrawnPage
from .. import spine_pictures
from ..package import Item, NavEntry, Package
from .layout import PageLayout, is_size, size_in
from .markup import PICTURE, Rebuilder, Rebuilt, Sheet, is_picture_of
from .styles import Face, SheetWriter

HELPERS = 2
_DEFAULT_SIZE = (768, 1024)


def read_pages(archive: Archive, draft: Draft, package: Package) -> ReaderResult:
    """The book of an EPUB that is pages only. Raises AuthorFixable when there are none, or too many."""
    refuse_too_many(len(package.spine))
    items = [item for item in package.spine if "nav" not in item.properties and item.part != package.nav_part]
    drawn = draw_pages(archive, draft, package, items or package.spine)
    pages: list[Page] = []
    places: dict[str, int] = {}
    for item in items or package.spine:
        if item.part in drawn:
            places[item.part] = len(pages)
            pages.append(drawn[item.part])
    if items and not pages:
        raise AuthorFixable("source.page-undrawable")
    _settle_cover(draft, package, pages, places)
    direction = package.progression if package.progression in ("ltr", "rtl") else ""
    return assemble(draft, pages, _outline(package.nav, places), direction=direction, spread=package.layouts.spread)


def draw_pages(archive: Archive, draft: Draft, package: Package, items: list[Item]) -> dict[str, Page]:
    """The pages of these documents, by part; one that cannot be drawn is left out with a finding."""
    work = _Work(archive, draft, package)
    for item in items:
        try:
            work.prepare(item)
        except (ConversionError, MemoryError, RecursionError):
            raise
        except Exception:
            traceback.print_exc()
            draft.count("page.left-out", Severity.BLOCKER, item.part)
    work.draw()
    return work.pages


@dataclass(slots=True)
class _Waiting:
    """A page that is to be drawn, with what is known of it."""

    part: str
    page: Page
    found: Rebuilt


@dataclass(slots=True)
class _Work:
    """Pages in the making."""

    archive: Archive
    draft: Draft
    package: Package
    pages: dict[str, Page] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    faces: dict[str, Face] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------ reading

    def prepare(self, item: Item) -> None:
        """Read one document: either it is a page already, or it waits to be drawn."""
        if item.part not in self.archive:
            self.draft.count("source.part-absent", Severity.PROBLEM, item.part)
            return
        layout = self.package.layouts.of_part.get(item.part, PageLayout(is_fixed=True))
        if item.is_picture:
            root = spine_pictures.page_of(item, self.archive)
        else:
            root, _ = parse_page(self.archive.read(item.part), item.part)
        writer = SheetWriter(self._address, self._text)
        builder = Rebuilder(item.part, self._picture, self._take, writer, self.draft.assets)
        body = child(root, "body")
        found = (
            builder.build_drawing(root) if local_name(root) == "svg" else builder.build(root if body is None else body)
        )
        page = self._page(root, item, layout, found)
        self._tell(found, item.part)
        if self._is_plain(found, page):
            page.asset = found.pictures[0]
            self.pages[item.part] = page
            return
        css = "\n".join(self._sheets(root, item.part, writer))
        for face in writer.faces:
            self.faces.setdefault(f"{face.family}|{face.weight}|{face.style}|{face.part}", face)
        self.waiting.append(_Waiting(item.part, page, found))
        language = self.draft.metadata.language
        name = posixpath.basename(item.part)
        inside = tuple(found.pictures), tuple(found.paragraphs)
        self.sheets.append(Sheet(name, found.body, css, page.width, page.height, language, *inside))

    def _page(self, root: Element, item: Item, layout: PageLayout, found: Rebuilt) -> Page:
        width, height = self._size(root, found)
        return Page(
            "",
            "",
            width,
            height,
            alt=" ".join(found.descriptions)[:2000],
            spread=layout.side,
            orientation=layout.orientation,
            label=self.package.page_labels.get(item.part, ""),
            is_words_only=not found.pictures,
        )

    def _size(self, root: Element, found: Rebuilt) -> tuple[int, int]:
        if local_name(root) == "svg":
            numbers = [float(n) for n in str(root.get("viewBox", "")).replace(",", " ").split()[2:4] if _is_number(n)]
            if len(numbers) == 2 and is_size(*numbers):
                return round(numbers[0]), round(numbers[1])
        for meta in root.iter():
            is_viewport = isinstance(meta.tag, str) and local_name(meta) == "meta" and meta.get("name") == "viewport"
            if is_viewport and (size := size_in(str(meta.get("content", "")))):
                return size
        if self.package.layouts.viewport:
            return self.package.layouts.viewport
        shown = self.draft.assets[found.pictures[0]] if found.pictures else None
        if shown is not None and is_size(shown.width, shown.height):
            return shown.width, shown.height
        return _DEFAULT_SIZE

    def _is_plain(self, found: Rebuilt, page: Page) -> bool:
        """Whether the page is one picture and nothing else."""
        if len(found.pictures) != 1 or any(found.paragraphs):
            return False
        asset = self.draft.assets[found.pictures[0]]
        return asset.media_type != "image/svg+xml" and is_picture_of(asset, page.width, page.height)

    def _sheets(self, root: Element, part: str, writer: SheetWriter) -> list[str]:
        folder = posixpath.dirname(part)
        made = []
        for element in root.iter():
            name = local_name(element) if isinstance(element.tag, str) else ""
            if name == "link" and "stylesheet" in str(element.get("rel", "")).lower().split():
                sheet = posixpath.normpath(posixpath.join(folder, str(element.get("href", ""))))
                made.append(writer.rewritten(self._text(sheet), sheet))
            elif name == "style" and local_name(root) != "svg":
                made.append(writer.rewritten("".join(str(text) for text in element.itertext()), part))
        return made

    def _text(self, part: str) -> str:
        if part not in self.texts:
            data = self.archive.read(part) if part in self.archive else b""
            self.texts[part] = data.decode("utf-8", "replace")
        return self.texts[part]

    def _picture(self, part: str) -> str:
        if part not in self.keys:
            data = self.archive.read(part) if part in self.archive else b""
            self.keys[part] = self.draft.picture(data, posixpath.basename(part)) if data else ""
        return self.keys[part]

    def _address(self, part: str) -> str:
        key = self._picture(part)
        return f"{PICTURE}{key}" if key else ""

    def _take(self, data: bytes, name: str) -> Asset | None:
        return self.draft.assets.get(self.draft.picture(data, name))

    def _tell(self, found: Rebuilt, part: str) -> None:
        if found.links:
            self.draft.count("page.links-left", Severity.INFO, part, by=found.links)
        if found.dropped:
            self.draft.count("page.parts-left", Severity.INFO, f"{part}: {', '.join(sorted(found.dropped))}")

    # ------------------------------------------------------------ drawing

    def draw(self) -> None:
        """Draw what waits, in helper processes. A page that cannot be drawn as it is designed is drawn plainly."""
        if not self.waiting:
            return
        from ....support.workers import WorkerPool
        from .drawing import PageDrawer  # WeasyPrint is slow to load, and sets of pictures do without it

        drawer = PageDrawer(self.sheets, self.draft.assets, self._faces())
        done: dict[int, DrawnPage] = {}
        plain: set[int] = set()
        with WorkerPool(drawer, min(HELPERS, len(self.sheets))) as pool:
            for number in range(len(self.sheets)):
                pool.submit((number, False))
            for (number, is_plain), drawn in pool.outcomes():
                if isinstance(drawn, DrawnPage):
                    done[number] = drawn
                elif not is_plain:
                    plain.add(number)
                    pool.submit((number, True))
        for number, waiting in enumerate(self.waiting):
            if number in plain and number in done:
                self.draft.count("page.drawn-plainly", Severity.PROBLEM, waiting.part)
            self._finish(waiting, done.get(number, DrawnPage(None)))

    def _faces(self) -> list[tuple[Face, bytes]]:
        found = []
        for face in list(self.faces.values())[:MAX_FACES]:
            data = self.archive.read(face.part) if face.part in self.archive else b""
            face_data = rebuilt(data, self.package.layouts.identifier)
            if face_data is None:
                self.draft.count("page.faces-left", Severity.ADVICE, face.family)
            else:
                found.append((face, face_data))
        return found

    def _finish(self, waiting: _Waiting, drawn: DrawnPage) -> None:
        page = waiting.page
        if drawn.asset is None:
            self.draft.count("page.left-out", Severity.BLOCKER, waiting.part)
            return
        self.draft.assets[drawn.asset.sha256] = drawn.asset
        page.asset = drawn.asset.sha256
        page.lines = drawn.lines
        placed = _unspaced(words_of(page))
        page.rest = [text for text in waiting.found.paragraphs if _unspaced(text) not in placed]
        if page.rest:
            self.draft.count("page.words-unplaced", Severity.ADVICE, page.rest[0])
        self.pages[waiting.part] = page


def _unspaced(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False


# ---------------------------------------------------------------- cover and contents


def _settle_cover(draft: Draft, package: Package, pages: list[Page], places: dict[str, int]) -> None:
    """Where the first page is the cover, its drawing is: the same picture shall not come twice."""
    first = next((part for part, place in places.items() if place == 0), "")
    named = package.landmarks.get((first, "")) == "cover"
    cover = draft.assets.get(draft.cover)
    if pages and (named or cover is None or is_picture_of(cover, pages[0].width, pages[0].height)):
        draft.cover = pages[0].asset


def _outline(entries: list[NavEntry], places: dict[str, int]) -> list[OutlineEntry]:
    """The contents list by pages; entries that lead nowhere give their place to their children."""
    made: list[OutlineEntry] = []
    for entry in entries:
        children = _outline(entry.children, places)
        if entry.title and entry.part in places:
            made.append(OutlineEntry(entry.title, places[entry.part], children))
        elif entry.title and children:
            made.append(OutlineEntry(entry.title, children[0].page, children))
        else:
            made += children
    return made
