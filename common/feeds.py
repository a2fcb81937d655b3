"""Atom and RSS feeds of texts that people wrote."""

from __future__ import annotations

from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from common.text_cleaning import for_xml


class _Allowed(SyndicationFeed):
    """Leaves out characters that XML does not allow: Django would refuse to write the whole feed because of one."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**_allowed(facts))

    def add_item(self, **facts: Any) -> None:  # type: ignore[override]  # the shop names all it tells
        super().add_item(**_allowed(facts))


class Atom(_Allowed, Atom1Feed):
    pass


class Rss(_Allowed, Rss201rev2Feed):
    pass


def _allowed(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: for_xml(value) if isinstance(value, str) else value for name, value in facts.items()}
