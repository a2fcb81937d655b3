"""The retention schedule: what we hold of people, by table, why, for how long, and what becomes of it when somebody
deletes their account.

Each app says so for its own tables in its `retention` module. The page at /privacy/, the copy that a person can make
of their data, and the test that misses no table read it from here. No import from an app above, and no database: rows
are looked up by paths.
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

# How long the law wants books and their vouchers: ten years in Germany and Austria, less in most other places.
LAW_YEARS = 10


class Area(models.TextChoices):
    """Chapters of the page, in its order."""

    ACCOUNT = "account", _("Your account")
    BUYING = "buying", _("Buying")
    READING = "reading", _("Reading")
    COMMUNITY = "community", _("Reviews, shelves and mails")
    PUBLISHING = "publishing", _("Publishing")
    EARNINGS = "earnings", _("Earnings")
    RUNNING = "running", _("Running the shop")


class Erasure(models.TextChoices):
    """What becomes of rows when their person deletes the account."""

    DELETED = "deleted", _("Deleted")
    PSEUDONYM = "pseudonym", _("Stays without your name")
    LAW = "law", _("The law wants us to keep it")
    NOT_YOURS = "not_yours", _("Nothing in it leads to your account")


@dataclass(frozen=True, slots=True)
class Held:
    """One table. `of` are paths from a row to whose it is; several mean any of them.

    `by` are columns that only say which account acted, as staff do; `names` hold an address, a name or a number that
    leads to a person by itself. `copied` are the columns in a person's copy, of those rows for which `copied_if`,
    which may depend on whose copy it is, holds; `not_copied` says why others, or all, are left out.
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
        """What its rows are called in a copy: "order_line"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.table.__name__).lower()

    def rows_of(self, person_id: int) -> models.QuerySet[Any, dict[str, Any]]:
        """A person's rows, as a copy has them."""
        theirs = Q()
        for path in self.of:
            theirs |= Q(**{path: person_id})
        if self.copied_if is not None:
            theirs &= self.copied_if(person_id) if callable(self.copied_if) else self.copied_if
        every = self.table._default_manager  # a path may lead to a row more than once
        return every.filter(pk__in=every.filter(theirs).values("pk")).order_by("pk").values(*self.copied)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule: tables that are held for one purpose and go together.

    `left` says what stays after an erasure, where something does; `years` how long the law wants that. `file` is the
    one in a person's copy.
    """

    area: Area
    holds: StrOrPromise
    purpose: StrOrPromise
    kept: StrOrPromise
    erasure: Erasure
    tables: tuple[Held, ...]
    left: StrOrPromise = ""
    years: int = 0
    file: str = ""


_rules: list[Rule] = []


def add(*rules: Rule) -> None:
    """Say what an app holds. Called once, when it is ready."""
    _rules.extend(rules)


def rules() -> list[Rule]:
    """All of them, in the order of the page."""
    order = list(Area)
    return sorted(_rules, key=lambda rule: order.index(rule.area))


def held() -> Iterator[tuple[Rule, Held]]:
    """Every table with its rule."""
    for rule in rules():
        for table in rule.tables:
            yield rule, table


def files() -> dict[str, list[Rule]]:
    """The rules by the file in which a copy has their rows."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        if rule.file:
            found.setdefault(rule.file, []).append(rule)
    return found
