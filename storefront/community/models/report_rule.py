"""The rules that a book or a shelf can break."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ReportRule(models.TextChoices):
    """`OTHER` is for those who report: nothing is taken down but by one of the rules before it."""

    COPYRIGHT = "copyright", _("It infringes a copyright")
    ILLEGAL = "illegal", _("Its content is against the law")
    ADULT = "adult", _("It is for adults, and not marked so")
    METADATA = "metadata", _("Its title, description or details mislead")
    HATE = "hate", _("It is hateful")
    STOLEN = "stolen", _("It is spam, or a text taken from elsewhere")
    OTHER = "other", _("Something else")

    @property
    def meaning(self) -> str | Promise:
        """What the rule asks, in a sentence or two."""
        return _MEANINGS[self]


_MEANINGS: dict[str, str | Promise] = {
    ReportRule.COPYRIGHT: _(
        "Sell and show only what is yours, what you were given the right to, or what is free for all. Quotations and "
        "parodies that the law allows are allowed here."
    ),
    ReportRule.ILLEGAL: _("What the law forbids to publish is not sold or shown here."),
    ReportRule.ADULT: _(
        "Books for readers of 18 and over are welcome, and say so: then they are shown to those who ask for such books."
    ),
    ReportRule.METADATA: _(
        "Title, names, description, subject and sample tell what the book is. Nobody pretends to be somebody else."
    ),
    ReportRule.HATE: _(
        "Nothing calls for violence against people, or degrades them, for what they are. A story may show hate without "
        "being hateful."
    ),
    ReportRule.STOLEN: _(
        "No advertising dressed as a book or a shelf, no nonsense made to fill pages, no text copied together from "
        "books or pages of others."
    ),
    ReportRule.OTHER: _(
        "What none of the rules names can be told, too. Nothing is taken down for it unless one of them is broken."
    ),
}
