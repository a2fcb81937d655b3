"""The retention schedule: which personal data we hold, table by table, why, for how long, and what happens to it when
the account is deleted.

Each app adds its own tables in its `retention` module. The page at /privacy/, the copy that a person can have of their
data, and the test that every table is covered read it from here. This module imports nothing from apps above and makes
no queries: rows are looked up by paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# How long the law requires accounting records to be kept: ten years in Germany and Austria, less in most places.
LAW_YEARS = 10


class Area(models.TextChoices):
    """Sections of the privacy page, in its order."""

    ACCOUNT = "account", _("Your account")
    BUYING = "buying", _("Buying")
    READING = "reading", _("Reading")
    COMMUNITY = "community", _("Reviews, shelves and emails")
    PUBLISHING = "publishing", _("Publishing")
    EARNINGS = "earnings", _("Earnings")
    RUNNING = "running", _("Running the shop")


class Erasure(models.TextChoices):
    """What happens to rows when the person deletes the account."""

    DELETED = "deleted", _("Deleted")
    PSEUDONYM = "pseudonym", _("Kept without your name")
    LAW = "law", _("Kept because the law requires it")
    NOT_YOURS = "not_yours", _("Not linked to your account")


@dataclass(frozen=True, slots=True)
class TableRule:
    """One table with personal data. `of` are paths from a row to the user it belongs to; several mean any of them.

    `by` are columns that only say which account acted, as staff do; `names` hold an address, a name or a number that
    identifies a person by itself. `copied` are the columns in a person's copy, for those rows for which `copied_if`
    holds, which may depend on whose copy it is; `not_copied` says why other rows, or all, are left out.
    """

    table: type[models.Model]
    of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    copied_if: Q | Callable[[int], Q] | None = None
    not_copied: StrOrPromise = ""

    @property
    def key(self) -> str:
        """Return the name of its rows in a copy: "order_line"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.table.__name__).lower()

    def rows_of(self, person_id: int) -> models.QuerySet[Any, dict[str, Any]]:
        """Return a person's rows as a copy shows them."""
        theirs = Q()
        for path in self.of:
            theirs |= Q(**{path: person_id})
        if self.copied_if is not None:
            theirs &= self.copied_if(person_id) if callable(self.copied_if) else self.copied_if
        every = self.table._default_manager  # a path may lead to a row more than once
        return every.filter(pk__in=every.filter(theirs).values("pk")).order_by("pk").values(*self.copied)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule: tables that are held for one purpose and deleted together.

    `left` says what remains after an erasure, if anything; `years` how long the law requires that. `file` is the file
    in a person's copy.
    """

    area: Area
    holds: StrOrPromise
    purpose: StrOrPromise
    kept: StrOrPromise
    erasure: Erasure
    tables: tuple[TableRule, ...]
    left: StrOrPromise = ""
    years: int = 0
    file: str = ""


_rules: list[Rule] = []


def add(*rules: Rule) -> None:
    """Register what an app holds. Called once, when the app is ready."""
    _rules.extend(rules)


def rules() -> list[Rule]:
    """Return all rules in the order of the privacy page."""
    order = list(Area)
    return sorted(_rules, key=lambda rule: order.index(rule.area))


def held() -> Iterator[tuple[Rule, TableRule]]:
    """Yield every table with its rule."""
    for rule in rules():
        for table in rule.tables:
            yield rule, table


def files() -> dict[str, list[Rule]]:
    """Return the rules by the file of the copy that holds their rows."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        if rule.file:
            found.setdefault(rule.file, []).append(rule)
    return found
