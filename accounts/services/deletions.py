"""Account deletions: requested, cancelled, done when the waiting period is over.

What remains of a person is their row as a pseudonym: financial records refer to it and stay as they are. Everything is
erased in one transaction under a lock on the person's row, which everything that writes their data waits for. Erasing
is safe to repeat, and is repeated for two nights to catch what a request in progress wrote just afterwards.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import hooks, regions
from accounts.errors import DeletionBlocked
from accounts.models import Deletion, User
from accounts.services import audit
from common import clock, jobs
from common.emails import send
from common.errors import NotFound

logger = structlog.stdlib.get_logger(__name__)

WAITING_TIME = timedelta(days=7)
_REPEATED_FOR = timedelta(days=2)
_SIGNER = signing.Signer(salt="accounts.keep_account")


@transaction.atomic
def request_deletion(
    *, actor: User, keeps_words: bool, at: datetime, by: User | None = None, reason: str = ""
) -> Deletion:
    """Request the deletion of the account when the waiting period is over. Safe to repeat. Raises DeletionBlocked.

    An operator who requests it for the person gives a reason.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two clicks
    waiting = Deletion.objects.filter(user=user).first()
    if waiting is not None:
        return waiting
    if found := hooks.obstacles(user, at):
        raise DeletionBlocked(reasons=" ".join(str(one.text) for one in found))
    deletion = Deletion.objects.create(user=user, asked_at=at, due_at=at + WAITING_TIME, keeps_words=keeps_words)
    facts: dict[str, str | int] = {"reason": reason} if by else {}
    audit.record_audit(actor=by or user, verb="account.deletion_asked", subject=user, facts=facts)
    jobs.enqueue("accounts.mail_deletion", user_id=user.pk)
    return deletion


@transaction.atomic
def cancel_deletion(*, user: User) -> bool:
    """Cancel the deletion. Return whether there was one to cancel. A deletion that was done cannot be undone."""
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    called_off, _rows = Deletion.objects.waiting().filter(user=person).delete()
    if called_off:
        audit.record_audit(actor=person, verb="account.deletion_called_off", subject=person)
    return bool(called_off)


def cancel_link(*, deletion: Deletion) -> str:
    """Return the URL that cancels the deletion, which also works for someone who cannot log in any more."""
    token = _SIGNER.sign(f"{deletion.user.public_id}.{int(deletion.asked_at.timestamp())}")
    return settings.SITE_URL + reverse("cancel-deletion", args=[token])


def read_keep_link(token: str) -> Deletion:
    """Return the deletion that the link cancels.

    Raises NotFound for a forged link, and once it is done or cancelled.
    """
    try:
        user_id, _dot, asked = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    found = Deletion.objects.waiting().select_related("user").filter(user__public_id=user_id).first()
    if found is None or str(int(found.asked_at.timestamp())) != asked:
        raise NotFound
    return found


@transaction.atomic
def mail_deletion(*, user_id: int) -> bool:
    """Email the person the date and how to cancel. Return whether the email was sent now."""
    rows = Deletion.objects.select_for_update(of=("self",)).select_related("user")
    deletion = rows.filter(pk=user_id, mailed_at=None, done_at=None).first()
    if deletion is None:
        return False
    with regions.active(deletion.user.region):
        context = {"deletion": deletion, "link": cancel_link(deletion=deletion)}
        send("account_deletion", _("Your account will be deleted"), deletion.user.email, context)
    deletion.mailed_at = clock.now()
    deletion.save(update_fields=["mailed_at"])
    return True


def resend_lost_emails() -> None:
    """Send emails whose message was lost."""
    for user_id in Deletion.objects.waiting().filter(mailed_at=None).values_list("pk", flat=True):
        jobs.enqueue("accounts.mail_deletion", user_id=user_id)


def erase_due(*, at: datetime) -> None:
    """Erase people whose waiting period is over, and erase again what was erased lately."""
    due = Deletion.objects.waiting().filter(due_at__lte=at)
    again = Deletion.objects.filter(done_at__gt=at - _REPEATED_FOR)
    for user_id in [*due.values_list("pk", flat=True), *again.values_list("pk", flat=True)]:
        jobs.enqueue("accounts.erase", user_id=user_id)


def erase(*, user_id: int, at: datetime) -> bool:
    """Erase one person whose waiting period is over. Return whether only the pseudonym is left now.

    If something prevents the erasure, the person is told once and it is tried again each day; after 30 days it no
    longer prevents it.
    """
    with transaction.atomic():
        deletion = _locked(user_id)
        if deletion is None or deletion.due_at > at:
            return False
        if deletion.done_at is None:
            hooks.prepare_erasing(deletion, at)
    with transaction.atomic():
        deletion = _locked(user_id)
        if deletion is None:
            return False
        if deletion.done_at is not None:
            hooks.erase(deletion, at)
            return True
        found = hooks.obstacles(deletion.user, at)
        if found and at < deletion.latest_at:
            _delay(deletion, found, at)
            return False
        address, region = deletion.user.email, deletion.user.region
        hooks.erase(deletion, at)
        deletion.done_at = at
        deletion.save(update_fields=["done_at"])
        audit.record_audit(actor=None, verb="account.erased", subject=deletion.user)
        # A restored backup does not know of the erasure: docs/privacy.md explains how these log lines are used then.
        told = {"person": deletion.user.public_id, "keeps_words": deletion.keeps_words}
        transaction.on_commit(lambda: logger.info("account.erased", **told))
        transaction.on_commit(lambda: _say_goodbye(address, region))
        return True


def reapply_erasures(*, public_id: str, keeps_words: bool, at: datetime) -> bool:
    """Erase a person whom a restored backup brought back, whatever would prevent it. Return whether there was one.

    Only for those who hold the log of erasures: no page leads here.
    """
    user = User.objects.filter(public_id=public_id, is_guest=False).first()
    if user is None:
        return False
    asked = {"asked_at": at - Deletion.LATEST, "due_at": at, "keeps_words": keeps_words, "done_at": None}
    if not user.is_erased:
        Deletion.objects.update_or_create(user=user, defaults=asked)
    return erase(user_id=user.pk, at=at)


def _locked(user_id: int) -> Deletion | None:
    """Return the deletion with its person, locked: writers of anything that refers to the person wait."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    deletion = Deletion.objects.select_for_update().filter(pk=user_id).first()
    if user is None or deletion is None:
        return None
    deletion.user = user
    return deletion


def _delay(deletion: Deletion, found: list[hooks.Obstacle], at: datetime) -> None:
    logger.info("account.erasure_waits", person=deletion.user.public_id, obstacles=len(found))
    if deletion.delayed_at is not None:
        return
    with regions.active(deletion.user.region):
        context = {"deletion": deletion, "obstacles": found, "link": cancel_link(deletion=deletion)}
        send("account_deletion_waits", _("Your account is not deleted yet"), deletion.user.email, context)
    deletion.delayed_at = at
    deletion.save(update_fields=["delayed_at"])


def _say_goodbye(address: str, region: regions.Region) -> None:
    """Send the last email. There is nobody left to send it to again, so a failure is final."""
    try:
        with regions.active(region):
            send("account_erased", _("Your account is deleted"), address, {})
    except (SMTPException, OSError) as error:
        logger.warning("account.goodbye_not_sent", error=type(error).__name__)
