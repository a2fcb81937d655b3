"""The personal data that the shelf holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.shelf.models import BookChoice, CollectedBook, Collection, LibraryView, WishLink, YearGoal

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Which of your books you want to read, read, finished, gave up or hid, and how you like to see them."),
        purpose=_("So that your library is in the order you made. Nobody else sees it, not even the authors."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="library",
        tables=(
            TableRule(
                BookChoice,
                of=("user",),
                copied=("work__title", "status", "status_at", "finished_on", "hidden_at"),
            ),
            TableRule(LibraryView, of=("user",), copied=("is_list",)),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("Your collections of books, and how many books or days you mean to read in a year."),
        purpose=_("So that you find books together, and see how your year goes. Nobody else sees them."),
        kept=_("Until you delete them."),
        erasure=Erasure.DELETED,
        file="library",
        tables=(
            TableRule(Collection, of=("user",), names=("name",), copied=("name", "made_at")),
            TableRule(
                CollectedBook,
                of=("collection__user",),
                copied=("collection__name", "work__title", "position", "added_at"),
            ),
            TableRule(YearGoal, of=("user",), copied=("year", "books", "days")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("The link to your wish list, and what its page says."),
        purpose=_("So that those to whom you give the link see your wish list."),
        kept=_("Until you stop sharing."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(TableRule(WishLink, of=("user",), names=("name",), copied=("name", "shows_owned", "made_at")),),
    ),
)
