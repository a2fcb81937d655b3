"""What is wrong with an EPUB's content and can be put right while it is read: each repair is counted and told.

Nothing here changes the archive. The reader asks these functions where a strict reader would stop or drop something.
"""

from __future__ import annotations

import posixpath
import re
from typing import cast
from urllib.parse import unquote

from lxml import etree

from ...findings.model import Severity, SourcePlace
from ...gate import encoding
from ...gate.archive import Archive
from ...gate.xml import Element
from ..assembly.draft import Draft

PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_PAGE_NAMES = (".xhtml", ".html", ".htm")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_MARKUP = re.compile(rb"<(?:html|body|p|h[1-6]|div|section)\b", re.IGNORECASE)
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STRICT_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?=$|T)")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_PICTURES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG",
    "image/gif": b"GIF8",
}
_OPF = "http://www.idpf.org/2007/opf"
# Elements where HTML does not let them be: text survives, the place is put right.
_MISPLACED = etree.XPath(
    "count(//li[not(parent::ul or parent::ol or parent::menu)] | //p[ancestor::p] | //a[ancestor::a]"
    " | //*[self::div or self::table or self::ul or self::ol or self::blockquote][ancestor::p]"
    " | //*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6][ancestor::p]"
    " | //ul/*[not(self::li or self::script or self::template)] | //td[not(parent::tr)])"
)


class Parts:
    """The parts of an archive, found in spite of wrong case, slashes and folders."""

    def __init__(self, archive: Archive, draft: Draft) -> None:
        self._archive = archive
        self._draft = draft
        self._lower: dict[str, str] | None = None

    def find(self, part: str, href: str) -> str:
        """The name in the archive of what `href` means; `part` where there is nothing like it."""
        if part in self._archive or not href or _ELSEWHERE.match(href.strip()):
            return part
        if self._lower is None:
            self._lower = {name.lower(): name for name in self._archive.names}
        wanted = posixpath.normpath(unquote(part or href).replace("\\", "/").lstrip("/")).lower()
        found = self._lower.get(wanted) or self._by_name(posixpath.basename(wanted))
        if not found:
            return part
        self._draft.count("repaired.path", Severity.INFO, href, SourcePlace(found))
        return found

    def _by_name(self, name: str) -> str:
        """The only part with this file name, whatever its folder."""
        assert self._lower is not None  # noqa: S101  (find has filled it)
        found = [whole for lower, whole in self._lower.items() if posixpath.basename(lower) == name]
        return found[0] if name and len(found) == 1 else ""

    def unlisted(self, idref: str) -> str:
        """A page that the spine names and the manifest forgot: the one whose file is called so; "" if none."""
        for name in self._archive.names:
            stem, extension = posixpath.splitext(posixpath.basename(name))
            if extension.lower() in _PAGE_NAMES and idref in (stem, stem + extension):
                self._draft.count("repaired.manifest", Severity.INFO, idref, SourcePlace(name))
                return name
        self._draft.count("repaired.spine", Severity.PROBLEM, idref)
        return ""

    def is_page(self, part: str, media_type: str) -> bool:
        """Whether a part of the spine is a page. One with another media type is, when its content is."""
        if media_type in (*PAGES, "image/svg+xml"):
            return True
        if part not in self._archive or not _MARKUP.search(self._archive.read(part)[:4000]):
            return False
        self._draft.count("repaired.media-type", Severity.INFO, media_type, SourcePlace(part))
        return True

    def check_picture(self, part: str, media_type: str) -> None:
        """Tell of a picture that is not of the type the manifest says. What it is decides its content."""
        if media_type not in _PICTURES or part not in self._archive:
            return
        head = self._archive.read(part)[:8]
        if not head.startswith(_PICTURES[media_type]) and any(map(head.startswith, _PICTURES.values())):
            self._draft.count("repaired.media-type", Severity.INFO, media_type, SourcePlace(part))


def page_bytes(data: bytes, part: str, draft: Draft) -> bytes:
    """A page in UTF-8, whatever it was written in, and told where the format does not allow that."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            text, codec = encoding.decode(data, is_markup=True)
            draft.count("repaired.encoding", Severity.ADVICE, codec, SourcePlace(part))
            data = _DECLARATION.sub("", text).encode("utf-8", "replace")
    if b"&" in data and b"DTD XHTML" not in data[:1000]:
        named = _NAMED.findall(data)
        if named:
            draft.count("repaired.entities", Severity.INFO, named[0].decode("ascii"), SourcePlace(part), len(named))
    return data


def tell_misplaced(root: Element, part: str, draft: Draft) -> None:
    """Count elements that stand where HTML does not allow them."""
    count = round(cast(float, _MISPLACED(root)))
    if count:
        draft.count("repaired.nesting", Severity.INFO, part, SourcePlace(part), count)


def date(text: str, draft: Draft) -> str:
    """A date as ISO 8601 has it; of one that is no date, its year."""
    match = _STRICT_DATE.match(text)
    if match:
        return match.group()
    year = _YEAR.search(text)
    if text:
        draft.count("repaired.date", Severity.INFO, text)
    return year.group() if year else ""


def in_namespace(root: Element, part: str, draft: Draft) -> Element:
    """The package with its elements in the namespace of packages, where its writer forgot it."""
    if root.tag == f"{{{_OPF}}}package" or etree.QName(root).localname != "package":
        return root
    draft.count("repaired.namespace", Severity.INFO, part)
    for element in root.iter():
        if isinstance(element.tag, str) and not element.tag.startswith("{http://purl.org/"):
            name = etree.QName(element).localname
            element.tag = f"{{{_OPF}}}{name}"
    return root
