"""The details a Markdown file gives of itself: pandoc's title block, and YAML front matter."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ...book import clean
from ...book.model import Contributor, Metadata
from ..assembly import properties

MAX_FRONT_MATTER_CHARS = 60_000
_TITLE_BLOCK = re.compile(r"% ?(.{0,300})\n(?:% ?(.{0,300})\n)?(?:% ?(.{0,100})\n)?")


def title_block(text: str, metadata: Metadata) -> str:
    """Take off the three "%" lines with which pandoc's title block begins."""
    match = _TITLE_BLOCK.match(text)
    if match is None:
        return text
    metadata.title = clean.title(match.group(1))
    for name in (match.group(2) or "").split(";"):
        if clean.title(name):
            metadata.contributors.append(Contributor(clean.title(name, 200)))
    return text[match.end() :]


def front_matter(content: str, metadata: Metadata) -> None:
    if len(content) > MAX_FRONT_MATTER_CHARS:
        return
    try:
        values = yaml.load(content, Loader=_Words)  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    if not isinstance(values, dict):
        return
    folded = {str(key).lower()[:60]: value for key, value in values.items()}
    metadata.title = _first(folded, "title") or metadata.title
    metadata.subtitle = _first(folded, "subtitle") or metadata.subtitle
    metadata.language = clean.language(_first(folded, "lang", "language")) or metadata.language
    metadata.description = properties.written_by_people(_first(folded, "description", "abstract", "blurb"))
    metadata.publisher = _first(folded, "publisher")
    metadata.source = _first(folded, "source")
    metadata.rights = _first(folded, "rights", "copyright")
    metadata.subjects = _many(folded.get("keywords") or folded.get("subject") or folded.get("tags"))[:40]
    date = re.match(r"\d{4}(-\d{2}(-\d{2})?)?", _first(folded, "date"))
    metadata.published = date.group() if date else ""
    for name in _many(folded.get("author") or folded.get("authors") or folded.get("creator"))[:40]:
        metadata.contributors.append(Contributor(clean.title(name, 200)))


class _Words(yaml.SafeLoader):
    """Everything that is not a list or a mapping is text: 2020-01-01 and "no" stay as written. No aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        return super().compose_node(parent, index)


_Words.yaml_implicit_resolvers = {}


def _first(values: dict[str, object], *names: str) -> str:
    for name in names:
        found = _many(values.get(name))
        if found:
            return clean.title(found[0], 4000)
    return ""


def _many(value: object) -> list[str]:
    """Strings of a scalar, of a list, or of pandoc's structured entries ({type: main, text: ...})."""
    if isinstance(value, list):
        return [text for item in value[:100] for text in _many(item)]
    if isinstance(value, dict):
        value = value.get("text") or value.get("name")
    return [value.strip()] if isinstance(value, str) and value.strip() else []
