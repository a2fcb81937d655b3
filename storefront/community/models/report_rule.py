"""The rules that a book or a shelf can break."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ReportRule(models.TextChoices):
    """The rules. `OTHER` can only be reported: a decision always names one of the others."""

    COPYRIGHT = "copyright", _("Infringes a copyright")
    MINORS = "minors", _("Sexual abuse of children")
    DANGER = "danger", _("A danger to somebody’s life")
    ILLEGAL = "illegal", _("Illegal content")
    ADULT = "adult", _("For adults, but not marked as such")
    METADATA = "metadata", _("Misleading title, description or details")
    HATE = "hate", _("Hateful content")
    STOLEN = "stolen", _("Spam, or text copied from elsewhere")
    OTHER = "other", _("Something else")

    @property
    def meaning(self) -> str | Promise:
        """Return what the rule asks for, in a sentence or two."""
        return _MEANINGS[self]


_MEANINGS: dict[str, str | Promise] = {
    ReportRule.COPYRIGHT: _(
        "Only sell and show what is yours, what you have the rights to, or what is free for everyone. Quotations and "
        "parodies that the law allows are allowed here too."
    ),
    ReportRule.MINORS: _(
        "Nothing that sexualises children. Such a report needs no name, and a moderator sees it at once."
    ),
    ReportRule.DANGER: _(
        "Nothing that threatens somebody’s life or safety. A moderator sees such a report at once and tells the police."
    ),
    ReportRule.ILLEGAL: _("We do not sell or show anything that is illegal to publish."),
    ReportRule.ADULT: _(
        "Books for readers aged 18 and over are welcome if they are marked as such. They are then shown only to "
        "readers who choose to see such books."
    ),
    ReportRule.METADATA: _(
        "The title, names, description, subject and sample must say what the book is. Nobody may pretend to be someone "
        "else."
    ),
    ReportRule.HATE: _(
        "Nothing may call for violence against people, or degrade them, because of who they are. A story may show hate "
        "without being hateful."
    ),
    ReportRule.STOLEN: _(
        "No advertising disguised as a book or a shelf, no meaningless text that only fills pages, no text copied from "
        "other people’s books or web pages."
    ),
    ReportRule.OTHER: _(
        "You can also report something that none of these rules covers. It is only taken down if it breaks one of them."
    ),
}


# Reports of these count at once, whoever sends them, and stand first in the queue.
ALWAYS_COUNTED = frozenset({ReportRule.MINORS, ReportRule.DANGER})
