"""What every reader gathers while it walks a source: notes, pictures, places that links point to, findings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from ...book import clean
from ...book.model import AnyBlock, Asset, AuthorDesign, Metadata, Note
from ...findings.model import Finding, Severity, SourcePlace
from ...images import metafile, reencode

MAX_FINDINGS = 400
MAX_PICTURES_TOTAL_BYTES = 200 << 20


@dataclass(slots=True)
class Draft:
    """The unfinished book of one reading."""

    metadata: Metadata = field(default_factory=Metadata)
    notes: dict[str, Note] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    cover: str = ""
    direction: str = "ltr"
    vertical: bool = False
    kept: AuthorDesign | None = None
    weak_language: str = ""  # what the source's program was set to: believed only if the words agree
    title_page: list[AnyBlock] = field(default_factory=list)  # what was read as one, though no style says so
    _single: list[Finding] = field(default_factory=list)
    _counted: dict[str, Finding] = field(default_factory=dict)
    _anchors: dict[str, str] = field(default_factory=dict)
    _pictures: dict[str, str] = field(default_factory=dict)
    _picture_bytes: int = 0

    def tell(
        self,
        code: str,
        severity: Severity,
        quote: str = "",
        place: SourcePlace | None = None,
        **facts: str | int,
    ) -> None:
        """Note a finding of its own."""
        if len(self._single) < MAX_FINDINGS:
            place = place or SourcePlace()
            self._single.append(Finding(code, severity, quote=clean.quote(quote), place=place, facts=facts))

    def count(
        self, code: str, severity: Severity, quote: str = "", place: SourcePlace | None = None, by: int = 1
    ) -> None:
        """Note one more of something that is told once, with its `count` and its first place."""
        known = self._counted.get(code)
        if known is None:
            place = place or SourcePlace()
            known = Finding(code, severity, quote=clean.quote(quote), place=place, facts={"count": 0})
        self._counted[code] = replace(known, facts={"count": int(known.facts["count"]) + by})

    def findings(self) -> list[Finding]:
        """All findings so far: counted ones first."""
        return [*self._counted.values(), *self._single]

    def anchor(self, target: str) -> str:
        """The id of the `Anchor` that stands for the source's own name `target`; the same each time."""
        return self._anchors.setdefault(target, f"a-{len(self._anchors) + 1}")

    def new_note(self, kind: str) -> Note:
        """An empty note, entered in the order of its first reference."""
        note = Note(f"note-{len(self.notes) + 1}", [], kind)
        self.notes[note.id] = note
        return note

    def picture(self, data: bytes, name: str) -> str:
        """The asset key of the re-encoded picture, or "" with a finding when it cannot be used."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._pictures:
            return self._pictures[digest]
        self._picture_bytes += len(data)
        if self._picture_bytes > MAX_PICTURES_TOTAL_BYTES:
            self.count("source.images-too-many", Severity.PROBLEM)
            return ""
        inner = metafile.picture_in(data) if metafile.is_metafile(data) else b""
        asset, findings = reencode.reencode(inner or data, name=name)
        self._single += findings[: max(0, MAX_FINDINGS - len(self._single))]
        key = ""
        if asset is not None:
            key = asset.sha256
            self.assets[key] = asset
        self._pictures[digest] = key
        return key
