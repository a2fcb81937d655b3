"""Personal data that events hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from insight.events.models import DaySalt, Event, ShareLink

RULES = (
    Rule(
        area=Area.RUNNING,
        holds=_(
            "That a book’s page or sample was seen or a book put into a cart, with the hour, the country of the page "
            "and the site that led to it. For two days also a code that tells visitors of one day apart, computed from "
            "a shortened IP address and the browser with a random key. No cookie, no account, and no code if your "
            "browser asks not to be tracked (Global Privacy Control)."
        ),
        purpose=_("To tell authors how many people look at their books."),
        kept=_(
            "The code and its key for at most 48 hours; then nobody can compute it again. The rest for 400 days, "
            "then only sums."
        ),
        erasure=Erasure.NOT_YOURS,
        tables=(TableRule(Event), TableRule(DaySalt)),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Links that you made to share your books, with the names you gave them."),
        purpose=_("To tell you what came from where you shared a book."),
        kept=_("As long as the book is here, because links that were printed should still lead to it."),
        erasure=Erasure.PSEUDONYM,
        left=_("The links lead to the book as before. They lose the names you gave them."),
        file="share_links",
        tables=(TableRule(ShareLink, of=("work__owner",), copied=("code", "label", "work__public_id", "made_at")),),
    ),
)
