"""Emails to people who reported something, each sent once: a receipt at once, and what was decided."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from common.errors import NotFound
from common.templatetags.money import day
from storefront.community import permissions, reportables, standing_rules
from storefront.community.models import Report, Reported
from storefront.community.selectors import cases

_SIGNER = signing.Signer(salt="community.report")


def report_link(report: Report) -> str:
    """Return the URL of the report's page. Whoever knows it is its sender; it does not expire."""
    return settings.SITE_URL + reverse("community:report", args=[_SIGNER.sign(report.public_id)])


def report_at(token: str) -> Report:
    """Return the report of a link. Raises NotFound for a forged one."""
    try:
        public_id = _SIGNER.unsign(token)
    except signing.BadSignature:
        raise NotFound from None
    found = Report.objects.select_related("case__work", "case__shelf").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def mail_receipt(*, report_id: int) -> bool:
    """Email the sender that the report has arrived; return whether an email was sent now."""
    report = _locked(report_id)
    if report is None or report.receipt_at is not None or not report.address:
        return False
    with _language_of(report):
        context = {
            "opening": _received(report),
            "report": report,
            "link": report_link(report),
            "needs_confirming": report.confirmed_at is None,
            "days": cases.UNCONFIRMED_PERIOD.days,
        }
        subject = _("Confirm your report") if report.confirmed_at is None else _("We have received your report")
        send("report_received", subject, report.address, context)
    report.receipt_at = clock.now()
    report.save(update_fields=["receipt_at"])
    return True


@transaction.atomic
def mail_report(*, report_id: int) -> bool:
    """Email the reporter the decision, or that an appeal overturned it; return whether an email was sent now."""
    report = _locked(report_id)
    if report is None or not cases.reports_to_mail().filter(pk=report_id).exists():
        return False
    case = report.case
    report.told_at = report.told_at or clock.now()
    report.undone_told_at = clock.now() if case.is_undone else None
    with _language_of(report):
        may_complain = permissions.may_complain(report, clock.now())
        context = {
            "case": case,
            "report": report,
            "opening": _reported(report),
            "link": report_link(report),
            "complain_until": report.told_at + standing_rules.APPEAL_PERIOD if may_complain else None,
        }
        send("report_decided", _("The outcome of your report"), report.address, context)
    report.save(update_fields=["told_at", "undone_told_at"])
    return True


def _locked(report_id: int) -> Report | None:
    rows = Report.objects.select_for_update(of=("self",)).select_related("user", "case__work", "case__shelf")
    return rows.filter(pk=report_id).first()  # one that was never confirmed has been deleted


def _language_of(report: Report) -> AbstractContextManager[None]:
    if report.user is not None:
        return regions.active(report.user.region)
    return regions.active(regions.of_person(language=report.language, country=""))


def _received(report: Report) -> str:
    if report.complaint_on_id is not None:
        return _("We have received your complaint about “%(title)s”. A second person decides.") % {
            "title": report.case.name
        }
    if not report.case.reported:
        words = (
            _("We have received your flag of a reply to a review of “%(title)s”.")
            if report.case.is_reply
            else _("We have received your flag of a review of “%(title)s”.")
        )
        return words % {"title": report.case.name}
    return _("We have received your report about “%(title)s”.") % {"title": report.case.name}


def _reported(report: Report) -> str:
    kind = reportables.kind_of(report.case.reported)
    if kind is not None:
        return str(kind.words.told_reporter) % {"day": day(report.created_at), "title": report.case.name}
    if not report.case.reported:
        words_of_flag = (
            _("On %(day)s you flagged a reply to a review of “%(title)s”. A moderator has looked at it.")
            if report.case.is_reply
            else _("On %(day)s you flagged a review of “%(title)s”. A moderator has looked at it.")
        )
        return words_of_flag % {"day": day(report.created_at), "title": report.case.name}
    words = {
        Reported.BOOK: _("On %(day)s you reported the book “%(title)s”. A moderator has looked at it."),
        Reported.SHELF: _("On %(day)s you reported the shelf “%(title)s”. A moderator has looked at it."),
    }
    return words[Reported(report.case.reported)] % {"day": day(report.created_at), "title": report.case.name}
