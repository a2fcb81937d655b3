"""The defaults as plain values, and what they are called.

A work remembers which of them it was given, each as a text: as long as it still has that value, its pages say where it
comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from conversion.engine.api import MatterKind
from publishing.models import Contributor, MatterSetting, Work
from publishing.record.licences import Licence
from publishing.territories import WORLD, Territory

# What a work has until its author decides: the two pages that every book has.
OF_NEW_WORKS = (MatterSetting(MatterKind.TITLE, is_on=True), MatterSetting(MatterKind.COPYRIGHT, is_on=True))
DEFAULT_SAMPLE_BPS = 1000


@dataclass(frozen=True, slots=True)
class Defaults:
    """What new books begin with. Without a price nothing but the shop's own proposal is proposed."""

    imprint: str = ""
    language: str = ""
    sample_bps: int = DEFAULT_SAMPLE_BPS
    licence: str = Licence.RESERVED
    rights_line: str = ""
    is_mining_reserved: bool = False
    territory: Territory = WORLD
    matter: tuple[MatterSetting, ...] = OF_NEW_WORKS
    credited_name: str = ""
    is_on_page: bool = True
    biography: str = ""
    price_currency: str = ""
    price_minor: int | None = None
    is_price_open: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a new work. Its language is the manuscript's, if that names one."""
        return {
            "imprint": self.imprint,
            "sample_bps": self.sample_bps,
            "licence": self.licence,
            "rights_line": self.rights_line,
            "is_mining_reserved": self.is_mining_reserved,
            "territory_rule": self.territory.rule,
            "territory_countries": list(self.territory.countries),
            "matter": self.matter,
        }

    @property
    def given(self) -> dict[str, str]:
        """What a new work was given that others do not have, as texts by their names."""
        plain = Defaults()
        names = ("imprint", "sample_bps", "licence", "rights_line", "is_mining_reserved", "territory", "matter")
        texts = {name: text_of(getattr(self, name)) for name in names if getattr(self, name) != getattr(plain, name)}
        texts |= {name: text for name in ("credited_name", "biography") if (text := getattr(self, name))}
        return texts


def text_of(value: object) -> str:
    """Return a value as a text that is the same for the same value."""
    if isinstance(value, Territory):
        return " ".join([str(value.rule), *sorted(value.countries)])
    if isinstance(value, tuple):  # front and back pages
        return " ".join(sorted(f"{one.kind}:{one.words}" for one in value if one.is_on))
    return str(value)


def still_given(work: Work, names: tuple[str, ...], person: Contributor | None = None) -> list[str]:
    """Return the labels of what the work was given and still has, among these names."""
    now: Mapping[str, object] = {
        **{name: getattr(work, name) for name in ("imprint", "language", "sample_bps", "licence", "rights_line")},
        "is_mining_reserved": work.is_mining_reserved,
        "territory": work.territory,
        "matter": work.matter or (),
        "credited_name": person.name if person is not None else "",
        "biography": person.biography if person is not None else "",
    }
    known = labels()
    return [known[name] for name in names if work.given_defaults.get(name) == text_of(now[name])]


def labels() -> dict[str, str]:
    """Return what the defaults are called in a sentence."""
    return {
        "imprint": _("imprint"),
        "language": _("language"),
        "sample_bps": _("sample"),
        "licence": _("licence"),
        "rights_line": _("line on rights"),
        "is_mining_reserved": _("text and data mining"),
        "territory": _("countries"),
        "matter": _("front and back pages"),
        "credited_name": _("credited name"),
        "biography": _("biography"),
    }
