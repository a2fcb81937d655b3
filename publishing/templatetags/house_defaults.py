"""Says on the pages of a work what of it comes from its owner's defaults."""

from __future__ import annotations

from typing import Any

from django import template

from publishing.house_defaults.values import still_given
from publishing.models import Contributor, Work

register = template.Library()


@register.inclusion_tag("publishing/_from_defaults.html")
def from_defaults(work: Work, *names: str, person: Contributor | None = None) -> dict[str, Any]:
    """Name those of the values that the work was given and still has."""
    return {"labels": still_given(work, names, person)}
