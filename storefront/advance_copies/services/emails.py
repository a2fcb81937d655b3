"""The emails of advance copies, each sent once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from accounts.regions import Region
from common.emails import one_click, send
from storefront.advance_copies import selectors
from storefront.advance_copies.models import Copy, CopyState
from storefront.advance_copies.services import links, reminders

_RELATED = ("reader", "offer__work__owner", "offer__work__listing", "offer__edition")


@transaction.atomic
def mail_invitation(*, copy_id: int, at: datetime) -> bool:
    """Ask the invited person whether they accept; return whether the mail was sent now.

    The row is locked, and marked only if the mail server took the mail; one that refuses is asked again.
    """
    rows = Copy.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    copy = rows.filter(pk=copy_id, state=CopyState.INVITED, mailed_at=None).first()
    if copy is None or not selectors.is_taking(copy.offer, at):
        return False
    copy.mailed_at = at
    copy.save(update_fields=["mailed_at"])
    stop_link = links.refusal_link(copy)
    with regions.active(_region_of(copy)):
        name = selectors.author_of(copy.offer.work)
        subject = _("%(name)s offers you an advance copy of “%(work)s”") % {"name": name, "work": copy.offer.work}
        context = {
            "copy": copy,
            "offer": copy.offer,
            "work": copy.offer.work,
            "name": name,
            "link": links.invitation_link(copy),
            "stop_link": stop_link,
        }
        send("advance_copy_invitation", subject, copy.email, context, headers=one_click(stop_link))
    return True


@transaction.atomic
def mail_decision(*, copy_id: int, at: datetime) -> bool:
    """Tell the reader that they got the copy they asked for, or not, or that theirs was withdrawn; return whether the
    mail was sent now."""
    rows = Copy.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    copy = selectors.to_tell(rows).filter(pk=copy_id).first()
    if copy is None or copy.reader is None:
        return False
    copy.told_at = at
    copy.save(update_fields=["told_at"])
    if not copy.reader.is_active:
        return False
    with regions.active(copy.reader.region):
        work = copy.offer.work
        subjects = {
            CopyState.ACCEPTED: _("Your advance copy of “%(work)s” is here"),
            CopyState.REFUSED: _("No advance copy of “%(work)s”"),
            CopyState.WITHDRAWN: _("Your advance copy of “%(work)s” has ended"),
        }
        context = {"copy": copy, "work": work, "name": selectors.author_of(work)}
        send("advance_copy_decision", subjects[CopyState(copy.state)] % {"work": work}, copy.reader.mail_to, context)
    return True


@transaction.atomic
def mail_reminder(*, copy_id: int, at: datetime) -> bool:
    """Remind a reader once that a review is welcome, if they still have a copy, have not written one and do not mind;
    return whether the mail was sent now."""
    rows = Copy.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    copy = reminders.due(rows, at).filter(pk=copy_id).first()
    if copy is None or copy.reader is None:
        return False
    copy.reminded_at = at
    copy.save(update_fields=["reminded_at"])
    if not copy.reader.is_active:
        return False
    _send_reminder(copy, copy.reader)
    return True


def _send_reminder(copy: Copy, reader: User) -> None:
    work, stop_link = copy.offer.work, links.reminder_link(copy)
    with regions.active(reader.region):
        context = {
            "copy": copy,
            "work": work,
            "name": selectors.author_of(work),
            "may_review": selectors.is_on_sale(work),
            "stop_link": stop_link,
        }
        subject = _("A review of “%(work)s” is welcome") % {"work": work}
        send("advance_copy_reminder", subject, reader.mail_to, context, headers=one_click(stop_link))


def _region_of(copy: Copy) -> Region:
    """Return the region of the account with the address, or else one that speaks the language the author chose."""
    person = User.objects.filter(email__iexact=copy.email, is_active=True).first()
    language = copy.language or settings.LANGUAGE_CODE
    return person.region if person is not None else regions.of_person(language=language, country="")
