"""Personal data that searches hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from insight.searches.models import SearchEvent, SearchKey

RULES = (
    Rule(
        area=Area.RUNNING,
        holds=_(
            "What was searched for: the day, the words, subject, language and service, how many results there were, "
            "and whether a book was looked at within half an hour. With it a code that tells people apart, computed "
            "with a random key from the account or, without one, from a shortened IP address and the browser. No "
            "code if your browser asks not to be tracked (Global Privacy Control)."
        ),
        purpose=_(
            "To tell authors what readers look for and do not find: figures of whole weeks, of at least five people, "
            "rounded to five. Words that no book here has are shown only if at least twenty people searched for them."
        ),
        kept=_(
            "The key and the searches for at most 28 days, the time of a search for up to 90 minutes. Then only the "
            "figures of weeks, which contain nothing about single people."
        ),
        erasure=Erasure.DELETED,
        tables=(TableRule(SearchEvent), TableRule(SearchKey)),
    ),
)
