"""Rows of links to several views of the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.models import Work


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the links; `is_here` marks the view that is shown."""

    label: str
    href: str
    is_here: bool


def proof_tabs(work: Work, here: str, *, may_edit: bool) -> list[Tab]:
    """Return links to the pages of the proof. `here` is the name of the URL of the page that is shown."""
    labels = {
        "work-proof": _("Files"),
        "work-text": _("Text"),
        "work-sheet": _("Pages"),
        "work-remarks": _("Remarks"),
        "work-changes": _("Changes"),
    }
    if may_edit:
        labels["work-design"] = _("Design")
    return [Tab(label, reverse(page, args=[work.public_id]), page == here) for page, label in labels.items()]
