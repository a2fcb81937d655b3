"""Theme and text size of the plain pages, chosen by a form without scripts.

They stand in the page's address. For a reader who is logged in they are also kept in the session, for this browser
only; samples set no cookie, so their links carry the choice on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEMES: dict[str, StrOrPromise] = {
    "": _("Like the rest of the shop"),
    "paper": _("Paper"),
    "sepia": _("Sepia"),
    "night": _("Night"),
    "contrast": _("High contrast, for e-ink"),
}
SIZES = (100, 125, 150, 200, 300)  # per cent
_SESSION_KEY = "plain_look"


@dataclass(frozen=True, slots=True)
class PlainLook:
    theme: str = ""
    size: int = 100
    is_kept: bool = False  # in the session

    @property
    def query(self) -> str:
        """Return what links to other plain pages need to keep the choice; "" if nothing."""
        if self.is_kept or (self.theme, self.size) == ("", SIZES[0]):
            return ""
        return "?" + urlencode({"theme": self.theme, "size": self.size})


def look_of(request: HttpRequest, *, is_sample: bool) -> PlainLook:
    """Return the look chosen with this request, or before. A choice that does not exist is ignored."""
    may_keep = not is_sample and settings.SESSION_COOKIE_NAME in request.COOKIES
    kept = request.session.get(_SESSION_KEY, {}) if may_keep else {}
    look = _chosen({**kept, **{name: request.GET[name] for name in ("theme", "size") if name in request.GET}}, may_keep)
    chosen = {name: value for name, value in asdict(look).items() if name != "is_kept"}
    if may_keep and chosen != kept and (kept or look != PlainLook(is_kept=True)):
        request.session[_SESSION_KEY] = chosen
    return look


def _chosen(values: Mapping[str, object], is_kept: bool) -> PlainLook:
    theme, size = str(values.get("theme", "")), str(values.get("size", ""))
    return PlainLook(
        theme=theme if theme in THEMES else "",
        size=next((one for one in SIZES if str(one) == size), SIZES[0]),
        is_kept=is_kept,
    )
