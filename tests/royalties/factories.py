"""The smallest valid things that royalties needs, with named overrides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from accounts.models import User
from common import clock
from common.money import Money
from conversion.models import ConversionJob
from publishing.models import Contributor, Edition, EditionState, Manuscript, SplitAgreement, SplitShare, Work
from royalties.dto import LineBreakdown, QuoteLine, Sale
from royalties.models import HoldNotice, HoldRule, PayoutAccount, PersonHold
from royalties.services import clearing, hold_notices, sales

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
WINDOW = timedelta(days=14)
_numbers = count(1)


def user(name: str = "Ann", **fields) -> User:
    number = next(_numbers)
    return User.objects.create(email=f"{name.lower()}{number}@example.org", display_name=name, **fields)


def edition(owner: User | None = None, title: str = "A Book") -> Edition:
    owner = owner or user(is_author=True)
    number = next(_numbers)
    work = Work.objects.create(owner=owner, slug=f"book-{number}", title=title, created_at=NOON)
    manuscript = Manuscript.objects.create(
        work=work, file="m", name="m.docx", sha256="0" * 64, size_bytes=1, uploaded_by=owner, uploaded_at=NOON
    )
    job = ConversionJob.objects.create(
        requested_by=owner,
        source_file="m",
        source_name="m.docx",
        source_sha256="0" * 64,
        created_at=NOON,
        due_at=NOON,
    )
    return Edition.objects.create(
        work=work,
        number=1,
        manuscript=manuscript,
        job=job,
        state=EditionState.PUBLISHED,
        identifier=f"urn:uuid:{number}",
        created_at=NOON,
        published_at=NOON,
    )


def split(work: Work, *shares: tuple[User, int], effective_at=NOON - timedelta(days=1), consented=True):
    agreement = SplitAgreement.objects.create(
        work=work, effective_at=effective_at, proposed_by=work.owner, created_at=effective_at
    )
    for position, (person, bps) in enumerate(shares):
        contributor, _ = Contributor.objects.get_or_create(
            work=work, user=person, role="aut", defaults={"name": str(person), "position": position}
        )
        SplitShare.objects.create(
            agreement=agreement,
            contributor=contributor,
            share_bps=bps,
            consented_at=effective_at if consented else None,
        )
    return agreement


def breakdown(of: Edition, paid: int = 499, tax: int = 0, currency: str = "USD", at=NOON) -> LineBreakdown:
    return sales.quote(lines=[QuoteLine(of.pk, Money(paid, currency), Money(tax, currency))], at=at)[0]


def sale(
    *,
    of: Edition | None = None,
    paid: int = 499,
    tax: int = 0,
    currency: str = "USD",
    reference: str = "",
    sold_at: datetime = NOON,
    country: str = "DE",
    given: LineBreakdown | None = None,
) -> Sale:
    of = of or edition()
    number = next(_numbers)
    return Sale(
        reference=reference or f"lin_{number}",
        order_reference=f"ord_{number}",
        edition_id=of.pk,
        breakdown=given or breakdown(of, paid, tax, currency, sold_at),
        tax_country=country,
        tax_rate_bps=700 if tax else 0,
        sold_at=sold_at,
        clears_at=sold_at + WINDOW,
        list_price=Money(paid, currency),
    )


def recorded_sale(**fields) -> Sale:
    made = sale(**fields)
    sales.record_sale(sale=made)
    return made


def payout_account(person: User, **fields) -> PayoutAccount:
    values = {
        "country": "US",
        "provider_account_id": f"acct_{person.public_id}",
        "is_ready": True,
        "masked_bank": "•••• 6789",
        "minimum_units": 1,
        "changed_at": NOON,
        "usable_from": NOON,
        **fields,
    }
    return PayoutAccount.objects.create(user=person, **values)


def make_lifted_hold(person: User, reason: str = "A name differs.", *, complaint: str = "") -> HoldNotice:
    """A hold on all payouts of the person that is over, with its statement of reasons."""
    finance, at = user("Fay", is_finance=True), clock.now()
    hold = PersonHold.objects.create(
        user=person, reason=reason, begins_at=at, imposed_by=finance, lifted_at=at, lifted_by=finance
    )
    notice = hold_notices.of_person(hold, rule=HoldRule.IDENTITY)
    hold_notices.end(at=at, person_hold=hold)
    if complaint:
        HoldNotice.objects.filter(pk=notice.pk).update(complaint=complaint, complained_at=at)
    return notice


def payable(person: User | None = None, paid: int = 499, currency: str = "USD") -> User:
    """A person with one cleared sale: 415 payable for 499."""
    person = person or user()
    recorded_sale(of=edition(person), paid=paid, currency=currency)
    clearing.clear_due(at=NOON + WINDOW)
    return person


def breakdown_with_promotion(of: Edition, *, paid: int, full: int, currency: str = "USD", at=NOON) -> LineBreakdown:
    """A price that the platform makes up to `full`, without tax."""
    line = QuoteLine(
        of.pk, Money(paid, currency), Money(0, currency), full=Money(full, currency), full_tax=Money(0, currency)
    )
    return sales.quote(lines=[line], at=at)[0]
