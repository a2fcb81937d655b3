"""The fields of a work that can be changed in bulk: how each is read, written and put into words.

Fields are written through the services of the pages where one work is changed, in the order of these pages, and
details through their form as well: what those refuse is refused here, with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.countries import country_name
from accounts.models import User
from common.money import Money
from common.templatetags.money import money
from publishing import selectors
from publishing import services as publishing_services
from publishing.bulk import details
from publishing.bulk.errors import NotTaken, StatementMissing
from publishing.bulk.models import Values
from publishing.models import AiUse, ContentWarning, ContributorRole, Work
from publishing.record import selectors as record_selectors
from publishing.record import services as record_services
from publishing.record import thema_codes
from publishing.record.licences import Licence
from publishing.record.services import Record
from publishing.services.prices import OpenPrice
from publishing.services.rights import Statement
from publishing.territories import Territory, TerritoryRule

type Value = list[str]
type Writer = Callable[[User, Work, Values, datetime], None]

YES = ["yes"]
OPEN = "open"
_PRICE = "price."
_AI = ("ai_text", "ai_images", "ai_cover", "ai_translation")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `writer` names what writes it, together with the other fields of its page."""

    label: str | Promise
    writer: str
    read: Callable[[Work], Value]
    words: Callable[[Value], str]


def read(work: Work, name: str) -> Value:
    return field_of(name).read(work)


def label_of(name: str) -> str:
    return str(field_of(name).label)


def words_of(name: str, value: Value) -> str:
    """Return the value for people, in the active language; "" for none."""
    return field_of(name).words(value)


def field_of(name: str) -> Field:
    """Return the field with this name. Prices have one for each currency, such as `price.USD`."""
    if name.startswith(_PRICE):
        return _price_field(name.removeprefix(_PRICE))
    return _FIELDS[name]


def price_name(currency: str) -> str:
    return f"{_PRICE}{currency}"


def write(*, actor: User, work: Work, values: Values, at: datetime) -> None:
    """Write the values. Raises NotTaken, PageInvalid, StatementMissing, and the errors of the pages' services."""
    for name, writer in _WRITERS.items():
        mine = {field: value for field, value in values.items() if field_of(field).writer == name}
        if mine:
            writer(actor, Work.objects.get(pk=work.pk), mine, at)
    now = Work.objects.get(pk=work.pk)
    for field, value in values.items():
        if read(now, field) != value:
            raise NotTaken(field=label_of(field))


# ---------------------------------------------------------------- prices


def _price_field(currency: str) -> Field:
    def read_price(work: Work) -> Value:
        price = work.prices.filter(currency=currency).first()
        if price is None:
            return []
        suggested = [] if price.suggested_minor is None else [str(price.suggested_minor)]
        return [str(price.list_price_minor), *([OPEN, *suggested] if price.is_open else [])]

    def words(value: Value) -> str:
        if not value:
            return _("not sold in %(currency)s") % {"currency": currency}
        amount = money(Money(int(value[0]), currency)) if int(value[0]) else _("free")
        return _("%(price)s or more") % {"price": amount} if value[1:] else amount

    label = gettext_lazy("Price in %(currency)s") % {"currency": currency}
    return Field(label, "prices", read_price, words)


def _write_prices(actor: User, work: Work, values: Values, at: datetime) -> None:
    prices = {name.removeprefix(_PRICE): _price(value) for name, value in values.items()}
    publishing_services.set_prices(actor=actor, work=work, prices=prices, at=at)


def _price(value: Value) -> int | OpenPrice | None:
    if not value:
        return None
    if value[1:2] == [OPEN]:
        return OpenPrice(int(value[0]), int(value[2]) if value[2:] else None)
    return int(value[0])


# ---------------------------------------------------------------- details


def _write_details(actor: User, work: Work, values: Values, at: datetime) -> None:
    found = details.of_work(work)
    for name, value in values.items():
        found = _DETAILS[name](found, value)
    publishing_services.update_details(actor=actor, work=work, details=details.checked(work, found), at=at)


_DETAILS: dict[str, Callable[[publishing_services.Details, Value], publishing_services.Details]] = {
    "imprint": lambda found, value: replace(found, imprint=_first(value)),
    "warnings": lambda found, value: replace(found, warnings=value),
    "is_adult": lambda found, value: replace(found, is_adult=value == YES),
    "reading_age": lambda found, value: replace(found, reading_age=int(value[0]) if value else None),
    "series": lambda found, value: replace(
        found, series=_first(value), series_number=int(value[1]) if value[1:] else None
    ),
}


def _series(work: Work) -> Value:
    if work.series is None:
        return []
    return [work.series.title, *([] if work.series_number is None else [str(work.series_number)])]


# ---------------------------------------------------------------- the record


def _write_record(actor: User, work: Work, values: Values, at: datetime) -> None:
    record = Record(
        isbns=record_selectors.isbns_of(work),
        subjects=record_selectors.subjects_of(work),
        keywords=work.keywords,
        licence=work.licence,
        public_domain_source=work.public_domain_source,
        rights_line=work.rights_line,
        is_mining_reserved=work.is_mining_reserved,
    )
    for name, value in values.items():
        record = _RECORD[name](record, value)
    record_services.update_record(actor=actor, work=work, record=record, at=at)


_RECORD: dict[str, Callable[[Record, Value], Record]] = {
    "subjects": lambda record, value: replace(record, subjects=value),
    "keywords": lambda record, value: replace(record, keywords=value),
    "licence": lambda record, value: replace(record, licence=value[0], public_domain_source="".join(value[1:])),
    "rights_line": lambda record, value: replace(record, rights_line=_first(value)),
    "is_mining_reserved": lambda record, value: replace(record, is_mining_reserved=value == YES),
}


def _licence(work: Work) -> Value:
    return [str(work.licence), *_text(work.public_domain_source)]


def _licence_words(value: Value) -> str:
    return ": ".join([str(Licence(value[0]).label), *value[1:]])


# ---------------------------------------------------------------- countries, AI use, people


def _write_territory(actor: User, work: Work, values: Values, at: datetime) -> None:
    rule, *countries = values["territory"]
    publishing_services.set_territory(actor=actor, work=work, territory=Territory.of(rule, countries), at=at)


def _territory_words(value: Value) -> str:
    rule, *countries = value
    names = ", ".join(sorted(map(country_name, countries)))
    label = str(TerritoryRule(rule).label)
    return f"{label}: {names}" if names else label


def _ai_use(work: Work) -> Value:
    newest = selectors.newest_of(work)
    stated = selectors.statement_of(newest) if newest is not None else None
    return [] if stated is None else [getattr(stated, name) for name in _AI]


def _ai_words(value: Value) -> str:
    kinds = (_("text"), _("pictures"), _("cover"), _("translation"))
    return "; ".join(f"{kind}: {AiUse(use).label}" for kind, use in zip(kinds, value, strict=False))


def _write_ai_use(actor: User, work: Work, values: Values, at: datetime) -> None:
    edition = selectors.newest_of(work)
    stated = selectors.statement_of(edition) if edition is not None else None
    if edition is None or stated is None:
        raise StatementMissing
    edition.work = work
    uses = dict(zip(_AI, values["ai_use"], strict=True))
    publishing_services.state_rights(
        actor=actor, edition=edition, statement=Statement(basis=stated.basis, **uses), at=at
    )


def _people(work: Work) -> Value:
    return [f"{person.role} {person.name}" for person in work.contributors.order_by("position", "pk")]


def _people_words(value: Value) -> str:
    parts = (one.split(" ", 1) for one in value)
    return ", ".join(f"{name} ({ContributorRole(role).label})" for role, name in parts)


def _write_people(actor: User, work: Work, values: Values, at: datetime) -> None:
    wanted, now = values["people"], _people(work)
    for one in now:
        if one not in wanted:
            role, name = one.split(" ", 1)
            person = work.contributors.filter(role=role, name=name).order_by("-position").first()
            if person is not None:
                publishing_services.remove_contributor(actor=actor, contributor=person, at=at)
    for one in wanted:
        if one not in now:
            role, name = one.split(" ", 1)
            publishing_services.add_contributor(actor=actor, work=work, name=name, role=role, at=at)


# ---------------------------------------------------------------- words


def _first(value: Value) -> str:
    return value[0] if value else ""


def _text(text: str) -> Value:
    return [text] if text else []


def _yes(is_so: bool) -> Value:
    return list(YES) if is_so else []


def _yes_words(value: Value) -> str:
    return _("Yes") if value == YES else _("No")


def _joined(value: Value) -> str:
    return ", ".join(value)


def _labels(choices: Sequence[tuple[str, str | Promise]]) -> Callable[[Value], str]:
    return lambda value: ", ".join(str(dict(choices).get(one, one)) for one in value)


def _subject_words(value: Value) -> str:
    return ", ".join(f"{thema_codes.heading(code)} ({code})" for code in value)


def _series_words(value: Value) -> str:
    if not value[1:]:
        return _joined(value)
    return _("%(series)s, number %(number)s") % {"series": value[0], "number": value[1]}


_FIELDS: Mapping[str, Field] = {
    "imprint": Field(gettext_lazy("Imprint"), "details", lambda work: _text(work.imprint), _joined),
    "series": Field(gettext_lazy("Series"), "details", _series, _series_words),
    "warnings": Field(
        gettext_lazy("Content warnings"), "details", lambda work: list(work.warnings), _labels(ContentWarning.choices)
    ),
    "is_adult": Field(gettext_lazy("For adults only (18+)"), "details", lambda work: _yes(work.is_adult), _yes_words),
    "reading_age": Field(
        gettext_lazy("Reading age"),
        "details",
        lambda work: [] if work.reading_age is None else [str(work.reading_age)],
        _joined,
    ),
    "subjects": Field(gettext_lazy("Subjects"), "record", record_selectors.subjects_of, _subject_words),
    "keywords": Field(gettext_lazy("Keywords"), "record", lambda work: list(work.keywords), _joined),
    "licence": Field(gettext_lazy("Licence"), "record", _licence, _licence_words),
    "rights_line": Field(gettext_lazy("Line on rights"), "record", lambda work: _text(work.rights_line), _joined),
    "is_mining_reserved": Field(
        gettext_lazy("Reserve text and data mining"),
        "record",
        lambda work: _yes(work.is_mining_reserved),
        _yes_words,
    ),
    "territory": Field(
        gettext_lazy("Where it is sold"),
        "territory",
        lambda work: [str(work.territory_rule), *work.territory_countries],
        _territory_words,
    ),
    "ai_use": Field(gettext_lazy("AI use"), "ai_use", _ai_use, _ai_words),
    "people": Field(gettext_lazy("Contributors"), "people", _people, _people_words),
}
_WRITERS: dict[str, Writer] = {
    "details": _write_details,
    "record": _write_record,
    "people": _write_people,
    "territory": _write_territory,
    "ai_use": _write_ai_use,
    "prices": _write_prices,
}
