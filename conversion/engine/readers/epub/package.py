"""The package of an EPUB: manifest, spine, metadata, navigation, landmarks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from ...book import clean
from ...book.model import Contributor, Metadata
from ...errors import AuthorFixable
from ...findings.model import Severity
from ...gate import xml
from ...gate.archive import Archive
from ...gate.xml import Element
from ..assembly import properties
from ..assembly.draft import Draft
from ..assembly.xhtml_names import local_name, types
from ..html.parse import parse_page
from . import corrections
from .fixed.layout import Layouts, read_layouts

MAX_SPINE = 3000
MAX_FALLBACKS = 10
MAX_NAV_DEPTH = 12
MAX_NAV_ENTRIES = 20_000
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_ROLES = {"aut", "edt", "trl", "ill", "aui", "nrt", "ctb", "com", "pht", "aft", "win", "wpr", "cre", "cov", "pfr"}
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_PAGE_SOURCES = ("pageBreakSource", "a11y:pageBreakSource", "schema:pageBreakSource")


@dataclass(frozen=True, slots=True)
class Item:
    """A manifest item; `part` is its name in the archive, `fallback` that of the page to be read in its place or, for a
    picture, of the page that says what it shows; "" for none."""

    part: str
    media_type: str
    properties: frozenset[str]
    fallback: str = ""

    @property
    def is_picture(self) -> bool:
        return self.media_type in _PICTURES


@dataclass(slots=True)
class NavEntry:
    """A line of the contents list; `part` "" when it only groups others."""

    title: str
    part: str = ""
    fragment: str = ""
    children: list[NavEntry] = field(default_factory=list)


@dataclass(slots=True)
class Package:
    """What the reader needs to know of an EPUB."""

    spine: list[Item]
    items: dict[str, Item]
    nav: list[NavEntry] = field(default_factory=list)
    landmarks: dict[tuple[str, str], str] = field(default_factory=dict)  # place -> structural semantics
    cover_part: str = ""
    nav_part: str = ""
    progression: str = ""
    layouts: Layouts = field(default_factory=Layouts)
    page_labels: dict[str, str] = field(default_factory=dict)  # of a print edition, by document


def read_package(archive: Archive, draft: Draft) -> Package:
    """The package behind `META-INF/container.xml`; metadata goes to the draft.

    Raises AuthorFixable: `source.part-missing`, `source.too-many-parts` or as `xml.parse` does.
    """
    opf_part = _rootfile(archive)
    parts = corrections.Parts(archive, draft)
    root = corrections.in_namespace(xml.parse(archive.read(opf_part), opf_part), opf_part, draft)
    items = _manifest(root, posixpath.dirname(opf_part), parts)
    package = Package(_spine(root, items, draft, parts), {item.part: item for item in items.values()})
    spine = root.find(f"{_OPF}spine")
    package.progression = str(spine.get("page-progression-direction", "")) if spine is not None else ""
    package.layouts = read_layouts(root, archive)
    package.layouts.of_part = {
        _readable(item).part: package.layouts.of_item[key]
        for key, item in items.items()
        if key in package.layouts.of_item
    }
    metadata = root.find(f"{_OPF}metadata")
    if metadata is not None:
        _metadata(metadata, draft, str(root.get("unique-identifier", "")))
        package.cover_part = _cover(metadata, items)
    _navigation(root, archive, package, items, posixpath.dirname(opf_part))
    return package


def _rootfile(archive: Archive) -> str:
    if "META-INF/container.xml" in archive:
        root = xml.parse(archive.read("META-INF/container.xml"), "META-INF/container.xml")
        for element in root.iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"):
            path = posixpath.normpath(unquote(str(element.get("full-path", ""))))
            if path in archive:
                return path
    raise AuthorFixable("source.part-missing", part="content.opf")


def _manifest(root: Element, folder: str, parts: corrections.Parts) -> dict[str, Item]:
    items: dict[str, Item] = {}
    fallbacks: dict[str, str] = {}
    for element in root.iter(_OPF + "item"):
        fallbacks.setdefault(str(element.get("id", "")), str(element.get("fallback", "")))
        href, media_type = str(element.get("href", "")), str(element.get("media-type", ""))
        part = parts.find(_part(folder, href), href)
        parts.check_picture(part, media_type)
        properties = frozenset(str(element.get("properties", "")).split())
        items.setdefault(str(element.get("id", "")), Item(part, media_type, properties))
    return {name: replace(item, fallback=_fallback(name, items, fallbacks)) for name, item in items.items()}


def _fallback(name: str, items: dict[str, Item], fallbacks: dict[str, str]) -> str:
    """The first page in the chain of an item's fallbacks."""
    for _ in range(MAX_FALLBACKS):
        name = fallbacks.get(name, "")
        if name in items and items[name].media_type in corrections.PAGES:
            return items[name].part
    return ""


def _part(folder: str, href: str) -> str:
    """The archive name of a reference; "" for what lies outside."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    return "" if path.startswith(("../", "/")) or path == ".." else path


def _spine(root: Element, items: dict[str, Item], draft: Draft, parts: corrections.Parts) -> list[Item]:
    found: list[Item] = []
    seen: set[str] = set()
    for item in _spine_items(root, items, draft, parts):
        if not item.part or not (item.is_picture or parts.is_page(item.part, item.media_type)):
            continue
        if item.part in seen:
            draft.count("source.spine-repeated", Severity.ADVICE, item.part)
            continue
        seen.add(item.part)
        found.append(item)
    if len(found) > MAX_SPINE:
        raise AuthorFixable("source.too-many-parts", count=len(found), limit=MAX_SPINE)
    if not found:
        raise AuthorFixable("source.no-text")
    return found


def _spine_items(root: Element, items: dict[str, Item], draft: Draft, parts: corrections.Parts) -> Iterator[Item]:
    """What the spine names; all pages of the manifest where there is no spine."""
    references = [str(element.get("idref", "")) for element in root.iter(_OPF + "itemref")]
    if not references:
        draft.count("repaired.spine", Severity.PROBLEM)
        yield from (item for item in items.values() if item.media_type in corrections.PAGES and not item.properties)
    for reference in references:
        if reference in items:
            yield _readable(items[reference])
        elif part := parts.unlisted(reference):
            yield Item(part, corrections.PAGES[0], frozenset())


def _readable(item: Item) -> Item:
    """An item of the spine, or its fallback where it is nothing that we read."""
    if not item.fallback or item.is_picture or item.media_type in (*corrections.PAGES, "image/svg+xml"):
        return item
    return replace(item, part=item.fallback, media_type=corrections.PAGES[0])


# ---------------------------------------------------------------- metadata


def _metadata(element: Element, draft: Draft, identifier_id: str) -> None:
    metadata = draft.metadata
    refines = _refinements(element)

    _titles(element, metadata, refines)
    for node in element.iterchildren(_DC + "language"):
        metadata.language = metadata.language or clean.language(_text(node))
    for node in element.iterchildren(_DC + "description"):
        metadata.description = metadata.description or _text(node)
    for node in element.iterchildren(_DC + "publisher"):
        metadata.publisher = metadata.publisher or clean.title(_text(node))
    metadata.rights = " ".join(_text(node) for node in element.iterchildren(_DC + "rights"))[:4000]
    metadata.subjects = [clean.title(_text(node), 200) for node in element.iterchildren(_DC + "subject")][:40]
    for node in element.iterchildren(_DC + "date"):
        if not metadata.published and node.get(_OPF + "event", "publication") == "publication":
            metadata.published = corrections.date(_text(node), draft)
    _identifiers(element, draft, identifier_id)
    metadata.page_source = _page_source(element)
    sources = (_text(node) for node in element.iterchildren(_DC + "source"))
    metadata.source = next((source for source in sources if source and source != metadata.page_source), "")
    for tag, default in ((_DC + "creator", "aut"), (_DC + "contributor", "ctb")):
        for node in element.iterchildren(tag):
            roles = [value for name, value in refines.get(str(node.get("id", "")), []) if name == "role"]
            role = str(node.get(_OPF + "role") or next((r for r in ("aut", *roles) if r in roles and r in _ROLES), ""))
            role = role or ("" if roles else default)
            name = clean.title(_text(node), 200)
            if name and role in _ROLES and (role != "ctb" or tag == _DC + "creator"):
                metadata.contributors.append(Contributor(name, role))
    metadata.title = properties.title(metadata.title)
    metadata.contributors = properties.people(metadata.contributors)
    metadata.description = properties.written_by_people(metadata.description)


def _identifiers(element: Element, draft: Draft, identifier_id: str) -> None:
    for node in element.iterchildren(_DC + "identifier"):
        value = _identifier(_text(node))
        if value and (not draft.metadata.identifier or node.get("id") == identifier_id):
            draft.metadata.identifier = value
    if not any(_text(node) for node in element.iterchildren(_DC + "identifier")):
        draft.count("repaired.identifier", Severity.INFO)


def _text(node: Element) -> str:
    return clean.title("".join(str(t) for t in node.itertext()), 4000)


def _page_source(element: Element) -> str:
    """The edition the page marks are of: said outright, or the source that is refined so."""
    for meta in element.iter(_OPF + "meta"):
        if str(meta.get("property", "")) in _PAGE_SOURCES and (meta.text or "").strip():
            return clean.title(meta.text or "", 200)
    sources = {str(node.get("id", "")): node for node in element.iterchildren(_DC + "source")}
    for target, values in _refinements(element).items():
        if ("source-of", "pagination") in values and target in sources:
            return clean.title("".join(str(t) for t in sources[target].itertext()), 200)
    return ""


def _refinements(element: Element) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for meta in element.iter(_OPF + "meta"):
        target = str(meta.get("refines", "")).lstrip("#")
        if target:
            found.setdefault(target, []).append((str(meta.get("property", "")), (meta.text or "").strip()))
    return found


def _titles(element: Element, metadata: Metadata, refines: dict[str, list[tuple[str, str]]]) -> None:
    for node in element.iterchildren(_DC + "title"):
        title = clean.title("".join(str(t) for t in node.itertext()))
        kinds = [value for name, value in refines.get(str(node.get("id", "")), []) if name == "title-type"]
        if "subtitle" in kinds:
            metadata.subtitle = metadata.subtitle or title
        elif not metadata.title and not set(kinds) & {"short", "collection", "edition", "expanded"}:
            metadata.title = title


def _identifier(value: str) -> str:
    bare = value.removeprefix("urn:isbn:").removeprefix("isbn:").replace("-", "").replace(" ", "")
    if re.fullmatch(r"97[89]\d{10}|\d{9}[\dXx]", bare):
        return f"urn:isbn:{bare}"
    bare = value.lower().removeprefix("urn:uuid:")
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bare):
        return f"urn:uuid:{bare}"
    return ""


def _cover(metadata: Element, items: dict[str, Item]) -> str:
    for item in items.values():
        if "cover-image" in item.properties:
            return item.part
    for meta in metadata.iter(_OPF + "meta"):
        if meta.get("name") == "cover" and str(meta.get("content", "")) in items:
            item = items[str(meta.get("content"))]
            return item.part if item.media_type.startswith("image/") else ""
    return ""


# ---------------------------------------------------------------- navigation


def _navigation(root: Element, archive: Archive, package: Package, items: dict[str, Item], folder: str) -> None:
    nav = next((item for item in items.values() if "nav" in item.properties and item.part in archive), None)
    if nav is not None:
        package.nav_part = nav.part
        root_of_nav = _root(archive, nav.part)
        if root_of_nav is not None:
            _read_nav(root_of_nav, nav.part, package)
    if not package.nav:
        ncx = next(
            (i for i in items.values() if i.media_type == "application/x-dtbncx+xml" and i.part in archive), None
        )
        root_of_ncx = _root(archive, ncx.part) if ncx is not None else None
        if ncx is not None and root_of_ncx is not None:
            _read_ncx(root_of_ncx, ncx.part, package)
    for reference in root.iter(_OPF + "reference"):
        place = _place(folder, str(reference.get("href", "")))
        package.landmarks.setdefault(place, _GUIDE.get(str(reference.get("type", "")), str(reference.get("type", ""))))


def _root(archive: Archive, part: str) -> Element | None:
    """A contents list that is nested past all sense is none: one is made from the headings."""
    try:
        return parse_page(archive.read(part), part)[0]
    except AuthorFixable as error:
        if error.code == "source.xml-too-deep":
            return None
        raise


_GUIDE = {"text": "bodymatter", "title-page": "titlepage", "acknowledgements": "acknowledgments", "start": "bodymatter"}


def _place(folder: str, href: str) -> tuple[str, str]:
    try:
        fragment = unquote(urlsplit(href.strip()).fragment)
    except ValueError:
        fragment = ""
    return _part(folder, href), fragment


def _read_nav(root: Element, part: str, package: Package) -> None:
    folder = posixpath.dirname(part)
    count = 0
    for nav in root.iter():
        if local_name(nav) != "nav":
            continue
        kinds = types(nav)
        if "toc" in kinds and not package.nav:
            package.nav, count = _nav_list(nav, folder, 0, count)
        elif "page-list" in kinds:
            for link in nav.iter():
                if local_name(link) == "a":
                    label = clean.title("".join(str(t) for t in link.itertext()), 20)
                    package.page_labels.setdefault(_place(folder, str(link.get("href", "")))[0], label)
        elif "landmarks" in kinds:
            for link in nav.iter():
                if local_name(link) == "a":
                    place = _place(folder, str(link.get("href", "")))
                    package.landmarks.update(dict.fromkeys([place], next(iter(sorted(types(link))), "")))


def _nav_list(element: Element, folder: str, depth: int, count: int) -> tuple[list[NavEntry], int]:
    """Entries of the first list inside `element`."""
    entries: list[NavEntry] = []
    lists = next((e for e in element.iter() if local_name(e) in ("ol", "ul")), None)
    if lists is None or depth >= MAX_NAV_DEPTH:
        return entries, count
    for item in lists.iterchildren():
        if local_name(item) != "li" or count >= MAX_NAV_ENTRIES:
            continue
        count += 1
        label = next((e for e in item.iterchildren() if local_name(e) in ("a", "span")), None)
        if label is None:
            label = next((e for e in item.iter() if local_name(e) == "a"), None)
        entry = NavEntry("")
        if label is not None:
            entry.title = clean.title("".join(str(t) for t in label.itertext()))
            if label.get("href"):
                entry.part, entry.fragment = _place(folder, str(label.get("href")))
        entry.children, count = _nav_list(item, folder, depth + 1, count)
        entries.append(entry)
    return entries, count


def _read_ncx(root: Element, part: str, package: Package) -> None:
    folder = posixpath.dirname(part)

    def points(element: Element, depth: int) -> list[NavEntry]:
        entries: list[NavEntry] = []
        for point in element.iterchildren():
            if local_name(point) != "navpoint" or depth >= MAX_NAV_DEPTH:
                continue
            entry = NavEntry("")
            for child in point.iterchildren():
                if local_name(child) == "navlabel":
                    entry.title = clean.title("".join(str(t) for t in child.itertext()))
                elif local_name(child) == "content":
                    entry.part, entry.fragment = _place(folder, str(child.get("src", "")))
            entry.children = points(point, depth + 1)
            entries.append(entry)
        return entries

    nav_map = next((e for e in root.iter() if local_name(e) == "navmap"), None)
    if nav_map is not None:
        package.nav = points(nav_map, 0)
