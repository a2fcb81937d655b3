"""Under which licence a work is published: what readers may do with it beyond reading."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

_CC = "https://creativecommons.org"


class Licence(models.TextChoices):
    """A licence with its version. Claims and the comparison of copies read this column."""

    RESERVED = "reserved", _("All rights reserved")
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_ND = "cc-by-nd-4.0", "CC BY-ND 4.0"
    CC_BY_NC = "cc-by-nc-4.0", "CC BY-NC 4.0"
    CC_BY_NC_SA = "cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"
    CC_BY_NC_ND = "cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"
    CC_BY_3 = "cc-by-3.0", "CC BY 3.0"
    CC_BY_SA_3 = "cc-by-sa-3.0", "CC BY-SA 3.0"
    CC_BY_ND_3 = "cc-by-nd-3.0", "CC BY-ND 3.0"
    CC_BY_NC_3 = "cc-by-nc-3.0", "CC BY-NC 3.0"
    CC_BY_NC_SA_3 = "cc-by-nc-sa-3.0", "CC BY-NC-SA 3.0"
    CC_BY_NC_ND_3 = "cc-by-nc-nd-3.0", "CC BY-NC-ND 3.0"
    CC0 = "cc0-1.0", _("CC0 1.0, given up for everybody")
    PUBLIC_DOMAIN = "public-domain", _("Public domain: nobody holds the rights any more")


# What anybody may publish and sell, though some ask to be named: nobody needs permission for a copy.
FREE_TO_PUBLISH = frozenset(
    {Licence.PUBLIC_DOMAIN, Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA, Licence.CC_BY_3, Licence.CC_BY_SA_3}
)


def address(licence: str) -> str:
    """Return the address of the licence's text; "" where all rights are reserved."""
    if licence == Licence.PUBLIC_DOMAIN:
        return f"{_CC}/publicdomain/mark/1.0/"
    if licence == Licence.CC0:
        return f"{_CC}/publicdomain/zero/1.0/"
    if not licence.startswith("cc-"):
        return ""
    terms, _dash, version = licence.removeprefix("cc-").rpartition("-")
    return f"{_CC}/licenses/{terms}/{version}/"


def name(licence: str) -> str:
    """Return the licence's short name, the same in every language; "" where all rights are reserved."""
    if licence == Licence.PUBLIC_DOMAIN:
        return "Public Domain Mark 1.0"
    if licence == Licence.CC0:
        return "CC0 1.0"
    return str(Licence(licence).label) if address(licence) else ""


def choices() -> list[tuple[object, object]]:
    """Return the licences as choices of a form, grouped."""
    versions = {"4.0": [], "3.0": []}  # type: dict[str, list[tuple[object, object]]]
    for one in Licence:
        if "cc-by" in one.value:
            versions[one.value[-3:]].append((one.value, one.label))
    return [
        (Licence.RESERVED.value, Licence.RESERVED.label),
        (_("Creative Commons"), versions["4.0"]),
        (_("Creative Commons, earlier version"), versions["3.0"]),
        (_("Free of rights"), [(one.value, one.label) for one in (Licence.CC0, Licence.PUBLIC_DOMAIN)]),
    ]
