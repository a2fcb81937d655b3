"""Create bundles, record the consent of each work's owner, and put bundles on sale or take them off."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common.errors import NotAllowed, NotFound
from common.money import Money
from common.templatetags.money import money
from publishing.models import Edition, Work
from royalties.dto import QuoteLine
from royalties.services import sales
from storefront.catalogue import permissions
from storefront.catalogue.errors import BundleNotReady, BundleSold, BundleWorkRefused
from storefront.catalogue.models import Bundle, BundlePrice, BundleState, BundleWork
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.selectors.bundles import BundleOffer
from storefront.catalogue.services import listings

_MIN_WORKS = 2
_SLUG_LENGTH = 80


@transaction.atomic
def create_bundle(*, actor: User, title: str, description: str, at: datetime) -> Bundle:
    """Create a draft without works. Raises NotAllowed for somebody who is not an author."""
    if not account_permissions.is_author(actor):
        raise NotAllowed
    bundle = Bundle.objects.create(
        owner=actor, slug=_free_slug(title), title=title.strip(), description=description.strip(), created_at=at
    )
    account_services.record_audit(actor=actor, verb="bundle.made", subject=bundle)
    return bundle


@transaction.atomic
def change_bundle(
    *, actor: User, bundle: Bundle, title: str, description: str, prices: Mapping[str, int | None]
) -> Bundle:
    """Change a draft's texts and prices (minor units by currency). Raises NotAllowed, BundleNotReady when on sale."""
    bundle = _draft(actor, bundle)
    bundle.title, bundle.description = title.strip(), description.strip()
    bundle.save(update_fields=["title", "description"])
    if dict(bundle.prices.values_list("currency", "price_minor")) != {c: p for c, p in prices.items() if p}:
        _ask_again(bundle)
    for currency, price_minor in prices.items():
        if price_minor and currency in settings.CURRENCIES:
            BundlePrice.objects.update_or_create(
                bundle=bundle, currency=currency, defaults={"price_minor": price_minor}
            )
        else:
            bundle.prices.filter(currency=currency).delete()
    return bundle


@transaction.atomic
def set_works(*, actor: User, bundle: Bundle, works: Iterable[Work], at: datetime) -> Bundle:
    """Set the works of a draft, in this order.

    Owners of others' works are asked, and asked again when the works change. Raises NotAllowed, BundleNotReady when it
    is on sale, BundleWorkRefused for a work that is not on sale.
    """
    bundle = _draft(actor, bundle)
    chosen = list(works)
    on_sale = set(Edition.objects.on_sale().filter(work__in=chosen).values_list("work_id", flat=True))
    if set(bundle.works.values_list("work_id", flat=True)) != {work.pk for work in chosen}:
        _ask_again(bundle)
    bundle.works.exclude(work__in=chosen).delete()
    for position, work in enumerate(chosen):
        if work.pk not in on_sale:
            raise BundleWorkRefused(title=work.title)
        consented_at = at if work.owner_id == actor.pk else None
        BundleWork.objects.update_or_create(
            bundle=bundle,
            work=work,
            defaults={"position": position},
            create_defaults={"position": position, "consented_at": consented_at},
        )
    return bundle


@transaction.atomic
def agree(*, actor: User, bundle: Bundle, work: Work, at: datetime) -> None:
    """Record that the owner agrees to the work's share of the bundle's price. Safe to repeat. Raises NotFound."""
    row = _own_row(actor, bundle, work)
    if row.consented_at is None:
        row.consented_at = at
        row.save(update_fields=["consented_at"])
        account_services.record_audit(actor=actor, verb="bundle.agreed", subject=bundle, facts={"work": work.public_id})


@transaction.atomic
def leave(*, actor: User, bundle: Bundle, work: Work) -> None:
    """Remove the owner's work from the bundle, at any time; a bundle on sale goes off sale. Raises NotFound."""
    row = _own_row(actor, bundle, work)
    _off_sale(bundle)
    row.delete()
    account_services.record_audit(actor=actor, verb="bundle.left", subject=bundle, facts={"work": work.public_id})


@transaction.atomic
def put_on_sale(*, actor: User, bundle: Bundle, at: datetime) -> Bundle:
    """Offer the bundle in the shop. Raises NotAllowed, ContentSuspended, AuthorAccountEnded, BundleNotReady naming what
    is missing."""
    bundle = _draft(actor, bundle)
    restrictions.require(actor, Activity.CONTENT, at)
    reasons = missing_for_sale(bundle, at=at)
    if reasons:
        raise BundleNotReady(reasons="; ".join(reasons))
    bundle.state = BundleState.ON_SALE
    bundle.save(update_fields=["state"])
    listings.update_bundles(list(bundle.works.values_list("work_id", flat=True)))
    account_services.record_audit(actor=actor, verb="bundle.listed", subject=bundle)
    return bundle


@transaction.atomic
def take_off_sale(*, actor: User, bundle: Bundle) -> Bundle:
    """Stop offering the bundle; buyers keep its books. Safe to repeat. Raises NotAllowed."""
    bundle = _locked(actor, bundle)
    _off_sale(bundle)
    account_services.record_audit(actor=actor, verb="bundle.withdrawn", subject=bundle)
    return bundle


@transaction.atomic
def delete_bundle(*, actor: User, bundle: Bundle) -> None:
    """Delete a draft that nobody has bought. Raises NotAllowed, BundleNotReady when it is on sale, BundleSold."""
    bundle = _draft(actor, bundle)
    account_services.record_audit(actor=actor, verb="bundle.deleted", subject=bundle)
    try:
        with transaction.atomic():
            bundle.delete()
    except ProtectedError as refusal:  # orders say what was bought together
        raise BundleSold from refusal


def withdraw_for_deletion(bundle: Bundle) -> None:
    """Take the bundle off sale because its owner is leaving. Safe to repeat."""
    _off_sale(Bundle.objects.select_for_update().get(pk=bundle.pk))


@transaction.atomic
def restore_after_takedown(bundle: Bundle, *, at: datetime) -> bool:
    """Put a bundle back on sale whose book is back, unless something else is missing. Return whether it is on sale."""
    bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if bundle.state == BundleState.DRAFT and not missing_for_sale(bundle, at=at):
        bundle.state = BundleState.ON_SALE
        bundle.save(update_fields=["state"])
        listings.update_bundles(list(bundle.works.values_list("work_id", flat=True)))
        account_services.record_audit(actor=None, verb="bundle.listed", subject=bundle)
    return bundle.is_on_sale


@transaction.atomic
def edition_withdrawn(edition: Edition) -> None:
    """Take bundles with a withdrawn work off sale, until their owners have looked at them."""
    for bundle in Bundle.objects.select_for_update().filter(works__work=edition.work_id).order_by("pk"):
        _off_sale(bundle)


def missing_for_sale(bundle: Bundle, *, at: datetime) -> list[str]:
    """Return the reasons why a bundle cannot go on sale yet, in words."""
    rows = list(bundle.works.select_related("work"))
    reasons = [] if len(rows) >= _MIN_WORKS else [str(_("add at least two books"))]
    reasons += [
        _("the owner of “%(title)s” has not agreed yet") % {"title": row.work.title}
        for row in rows
        if row.consented_at is None
    ]
    currencies = list(bundle.prices.values_list("currency", flat=True))
    if not currencies:
        reasons.append(str(_("set a price")))
    for currency in currencies if rows else ():
        reasons += _wrong_with_price(bundle_selectors.offer_of(bundle, currency=currency), currency, at)
    return reasons


def _wrong_with_price(offer: BundleOffer, currency: str, at: datetime) -> list[str]:
    gone = [part.work.title for part in offer.parts if part.edition is None]
    if gone:
        return [_("“%(title)s” is not on sale") % {"title": title} for title in gone]
    if offer.unpriced:
        return [
            _("“%(title)s” has no price in %(currency)s") % {"title": title, "currency": currency}
            for title in offer.unpriced
        ]
    if offer.price is None or offer.listed is None:
        return [_("all its books are free: add one that has a price")]
    if offer.price.amount_minor > offer.listed.amount_minor:
        return [_("%(price)s is more than the books cost separately") % {"price": money(offer.price)}]
    lines = [
        QuoteLine(edition_id=part.edition.pk, paid=part.part, tax=Money(0, currency))
        for part in offer.parts
        if part.edition is not None and part.part
    ]
    if any(part.royalty.amount_minor < 1 for part in sales.quote(lines=lines, at=at)):
        return [_("%(price)s is too low: every author must earn something") % {"price": money(offer.price)}]
    return []


def _off_sale(bundle: Bundle) -> None:
    """Take a locked bundle off sale, if it is on sale."""
    if Bundle.objects.filter(pk=bundle.pk, state=BundleState.ON_SALE).update(state=BundleState.DRAFT):
        bundle.state = BundleState.DRAFT
        listings.update_bundles(list(bundle.works.values_list("work_id", flat=True)))


def _own_row(actor: User, bundle: Bundle, work: Work) -> BundleWork:
    """Return the owner's work in the bundle, with the bundle locked."""
    Bundle.objects.select_for_update().get(pk=bundle.pk)
    row = BundleWork.objects.filter(bundle=bundle, work=work, work__owner=actor).first()
    if row is None:
        raise NotFound
    return row


def _locked(actor: User, bundle: Bundle) -> Bundle:
    bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if not permissions.may_edit_bundle(actor, bundle):
        raise NotAllowed
    return bundle


def _draft(actor: User, bundle: Bundle) -> Bundle:
    """Return the bundle, locked. Raises NotAllowed, BundleNotReady when it is on sale.

    It must go off sale first, because others agreed to it as it is.
    """
    bundle = _locked(actor, bundle)
    if bundle.state != BundleState.DRAFT:
        raise BundleNotReady(reasons=_("take the bundle off sale to change it"))
    return bundle


def _ask_again(bundle: Bundle) -> None:
    """Ask the other owners again: they agreed to a share of another price."""
    bundle.works.exclude(work__owner=bundle.owner_id).update(consented_at=None)


def _free_slug(title: str) -> str:
    slug = slugify(title)[:_SLUG_LENGTH] or "bundle"
    return f"{slug}-{secrets.token_hex(3)}" if Bundle.objects.filter(slug=slug).exists() else slug
