"""The emails of claims, each sent once: to the claimant, to the owner of the book, and about careless claims."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common.emails import send
from storefront.claims import process
from storefront.claims.models import Claim, ConductNotice, Mail, News, NoticeKind, Side
from storefront.claims.process import State
from storefront.claims.selectors import steps
from storefront.claims.services import links

_RELATED = ("claim__work__owner", "claim__user", "claim__case", "claim__hold", "claim__edition")


@transaction.atomic
def mail_step(*, mail_id: int, at: datetime) -> bool:
    """Tell one side of a step of a claim; return whether an email was sent now.

    The row is locked, and marked only if the mail server took the mail. From when a side was told a decision, its time
    for an appeal runs.
    """
    rows = Mail.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    mail = rows.filter(pk=mail_id, sent_at=None).first()
    if mail is None:
        return False
    claim, side, news = mail.claim, Side(mail.side), News(mail.news)
    mail.sent_at = at
    mail.save(update_fields=["sent_at"])
    if news == News.DECIDED:
        _begin_appeals(claim, side, at)
    with _language(claim, side):
        context = _context(claim, side, news)
        if news == News.RECEIVED:
            send("claim_received", _subject(claim, side, news), claim.address, context)
        elif news in {News.FILED, News.HELD} and side == Side.AUTHOR:
            send("claim_on_book", _subject(claim, side, news), _address(claim, side), context)
        else:
            send("claim_step", _subject(claim, side, news), _address(claim, side), context)
    return True


@transaction.atomic
def mail_conduct(*, notice_id: int, at: datetime) -> bool:
    """Tell somebody of a warning or suspension, or what was decided about their appeal; return whether an email was
    sent now."""
    notice = ConductNotice.objects.select_for_update(of=("self",)).select_related("user").get(pk=notice_id)
    is_appeal = notice.appeal_decided_at is not None
    if (notice.appeal_told_at if is_appeal else notice.told_at) is not None:
        return False
    with regions.active(_region(notice.user, notice.language)):
        context = {"notice": notice, "is_appeal": is_appeal, "link": links.notice_link(notice)}
        if is_appeal:
            subject = _("Your appeal has been decided")
        elif notice.kind == NoticeKind.SUSPENSION:
            subject = _("We take no claims from you for 90 days")
        else:
            subject = _("A warning: two of your claims were dismissed")
        send("claims_conduct", subject, notice.address, context)
    told = "appeal_told_at" if is_appeal else "told_at"
    setattr(notice, told, at)
    notice.save(update_fields=[told])
    return True


def _begin_appeals(claim: Claim, side: Side, at: datetime) -> None:
    name = "claimant_told_at" if side == Side.CLAIMANT else "author_told_at"
    setattr(claim, name, at)
    claim.save(update_fields=[name])


def _context(claim: Claim, side: Side, news: News) -> dict[str, object]:
    until = steps.appeal_until(claim, side) if news == News.DECIDED else claim.ends_at
    return {
        "claim": claim,
        "link": _link(claim, side),
        "heading": _subject(claim, side, news),
        "lines": steps.told(claim, side, news, until),
        "needs_confirming": claim.state == State.UNCONFIRMED,
        "days": process.CONFIRM.days,
        "statement": steps.statement(claim, side) if news in {News.FILED, News.HELD} and claim.hold.was_held else (),
        "reason": claim.case.reason if news == News.DECIDED and claim.case is not None else "",
        "evidence": claim.case.evidence if news == News.DECIDED and claim.case is not None else "",
    }


def _subject(claim: Claim, side: Side, news: News) -> str:
    title = {"title": claim.work.title}
    if side == Side.AUTHOR:
        if news == News.FILED:
            return _("Somebody claims words of “%(title)s”") % title
        if news == News.HELD:
            return _("A share of “%(title)s” is held because of a claim") % title
        return _("The claim on your book “%(title)s”") % title
    if news == News.RECEIVED and claim.state == State.UNCONFIRMED:
        return _("Confirm your claim")
    return _("Your claim on “%(title)s”") % title


def _link(claim: Claim, side: Side) -> str:
    if side == Side.CLAIMANT:
        return links.claim_link(claim)
    return settings.SITE_URL + reverse("claims:work-claim", args=[claim.work.public_id, claim.public_id])


def _address(claim: Claim, side: Side) -> str:
    return claim.address if side == Side.CLAIMANT else claim.work.owner.mail_to


def _language(claim: Claim, side: Side) -> AbstractContextManager[None]:
    if side == Side.AUTHOR:
        return regions.active(claim.work.owner.region)
    return regions.active(_region(claim.user, claim.language))


def _region(user: User | None, language: str) -> regions.Region:
    return user.region if user is not None else regions.of_person(language=language, country="")
