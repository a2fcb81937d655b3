"""What the pages of bulk edits show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.countries import country_name
from accounts.models import User
from common.errors import NotFound
from common.templatetags.money import moment
from publishing import selectors
from publishing.bulk import fields
from publishing.bulk.models import BulkEdit, BulkRow, RowState, Values
from publishing.models import Edition, EditionState, Promotion, Series, Work


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A field of one work with its values in words. `is_same` says that nothing changes."""

    label: str
    before: str
    after: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """A work in the table of before and after."""

    row: BulkRow
    work: Work
    name: str
    values: list[ChangedValue]


def edit_of(user: User, public_id: str) -> BulkEdit:
    """Return a bulk edit of the user. Raises NotFound."""
    found = BulkEdit.objects.filter(user=user, public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def edits_of(user: User) -> QuerySet[BulkEdit]:
    """Select the user's bulk edits that went further than choosing books."""
    return BulkEdit.objects.filter(user=user).exclude(ended_at=None).annotate(books=Count("rows"))


def works_to_choose(user: User, *, query: str = "", series: str = "", state: str = "") -> QuerySet[Work]:
    """Select the user's works for the list to choose from: by title, series (public id), and "sale" or "draft"."""
    on_sale = Edition.objects.filter(work=OuterRef("pk"), state=EditionState.PUBLISHED)
    works = (
        selectors.works_visible_to(user)
        .filter(Exists(Edition.objects.filter(work=OuterRef("pk"))), archived_at=None)
        .annotate(is_on_sale=Exists(on_sale))
        .select_related("series", "owner")
        .order_by("series__title", "series_number", "title", "pk")
    )
    if query:
        works = works.filter(Q(title__icontains=query) | Q(manuscripts__name__icontains=query))
    if series:
        works = works.filter(series__public_id=series)
    if state in {"sale", "draft"}:
        works = works.filter(is_on_sale=state == "sale")
    return works


def series_to_choose(user: User) -> QuerySet[Series]:
    """Select the series that the user's works belong to."""
    return Series.objects.filter(works__in=selectors.works_visible_to(user)).distinct().order_by("title", "pk")


def counts_of(edit: BulkEdit) -> dict[str, int]:
    """Return the number of works by the state of their row."""
    return Counter(dict(edit.rows.order_by().values_list("state").annotate(Count("pk"))))


def on_sale_to_confirm(edit: BulkEdit) -> int:
    return edit.rows.filter(state=RowState.READY, is_on_sale=True).count()


def rows_of(edit: BulkEdit, *, state: str = "") -> QuerySet[BulkRow]:
    """Select the rows for the table, in order, or only those in one state."""
    rows = edit.rows.select_related("work").prefetch_related(
        Prefetch("work__editions", Edition.objects.select_related("manuscript").newest_first())
    )
    return rows.filter(state=state) if state else rows


def table(rows: Sequence[BulkRow]) -> list[TableRow]:
    """Return the rows in words."""
    return [_table_row(row) for row in rows]


def _table_row(row: BulkRow) -> TableRow:
    editions = list(row.work.editions.all())
    values = [
        ChangedValue(
            label=fields.label_of(name),
            before=fields.words_of(name, before),
            after=fields.words_of(name, row.after.get(name, before)),
            is_same=row.after.get(name, before) == before,
        )
        for name, before in row.before.items()
    ]
    return TableRow(row, row.work, selectors.display_name(row.work, editions[0] if editions else None), values)


def notes_on(work: Work, before: Values, after: Values, *, is_stale: bool, at: datetime) -> list[str]:
    """Return what to know before the values change, in sentences."""
    notes = []
    changed = {name for name in after if after[name] != before[name]}
    currencies = [name.removeprefix("price.") for name in changed if name.startswith("price.")]
    for promotion in Promotion.objects.running_at(at).filter(work=work, currency__in=currencies):
        notes.append(
            _("A promotion in %(currency)s runs until %(end)s; readers pay its price until then.")
            % {"currency": promotion.currency, "end": moment(promotion.ends_at)}
        )
    countries = work.fixed_in(at.date()) if currencies else ()
    if countries:
        names = ", ".join(sorted(map(country_name, countries)))
        notes.append(
            _("The law fixes its price in these countries, so every shop there must ask the same: %(countries)s.")
            % {"countries": names}
        )
    if is_stale:
        notes.append(_("The files on sale keep the old details until they are made again."))
    return notes
