"""Emails about decisions, the outcomes of appeals, and authors' replies, each sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.services import mail_choices
from common import clock
from common.emails import one_click, send
from publishing.selectors import pen_name
from storefront.community import permissions, reportables, standing_rules
from storefront.community.models import Reported, ReviewCase, ReviewReply
from storefront.community.selectors import cases

REVIEW_REPLY = "review_reply"


@transaction.atomic
def mail_case(*, case_id: int) -> bool:
    """Email the writer the decision, or the outcome of the appeal; return whether an email was sent now."""
    # The lock keeps two workers from mailing twice; the timestamp is only committed once the email was accepted.
    rows = ReviewCase.objects.select_for_update(of=("self",)).select_related("writer", "work", "shelf")
    case = rows.get(pk=case_id)
    if not cases.cases_to_mail().filter(pk=case_id).exists():
        return False
    is_appeal = case.appeal_decided_at is not None
    with regions.active(case.writer.region):
        context = {
            "case": case,
            "is_appeal": is_appeal,
            "opening": _opening(case, is_appeal=is_appeal),
            "heading": reportables.heading_of(case),
            "effects": reportables.effects_of(case),
            "months": standing_rules.APPEAL_PERIOD.days // 30,
            "until": permissions.may_appeal_until(case),
        }
        subject = _("Your appeal has been decided") if is_appeal else _about(case)
        send("reported_case" if case.reported else "review_case", subject, case.writer.email, context)
    told = "appeal_told_at" if is_appeal else "told_at"
    setattr(case, told, clock.now())
    case.save(update_fields=[told])
    return True


def _about(case: ReviewCase) -> str:
    if case.reported == Reported.BOOK:
        return _("A decision about your book “%(title)s”") % {"title": case.name}
    if case.reported == Reported.SHELF:
        return _("A decision about your shelf “%(title)s”") % {"title": case.name}
    return reportables.heading_of(case)


def _opening(case: ReviewCase, *, is_appeal: bool) -> str:
    """Say what the decision is about."""
    kind = reportables.kind_of(case.reported)
    if kind is not None:
        return str(kind.words.appeal_opening if is_appeal else kind.words.opening) % {"title": case.name}
    if is_appeal:
        words = {
            "book": _("You appealed against a decision about your book “%(title)s”. A second person has looked at it."),
            "shelf": _(
                "You appealed against a decision about your shelf “%(title)s”. A second person has looked at it."
            ),
            "reply": _(
                "You appealed against a decision about your reply to a review of “%(title)s”. A second person has "
                "looked at it."
            ),
            "review": _(
                "You appealed against a decision about your review of “%(title)s”. A second person has looked at it."
            ),
        }
    else:
        words = {
            "book": _("Your book “%(title)s” was reported, and a moderator has made a decision about it."),
            "shelf": _("Your shelf “%(title)s” was reported, and a moderator has made a decision about it."),
            "reply": _(
                "Readers have flagged your reply to a review of “%(title)s”, and a moderator has made a decision about "
                "it."
            ),
            "review": _(
                "Readers have flagged your review of “%(title)s”, and a moderator has made a decision about it."
            ),
        }
    return words[case.reported or ("reply" if case.is_reply else "review")] % {"title": case.name}


@transaction.atomic
def mail_reply(*, reply_id: int) -> bool:
    """Email the reviewer that an author has replied; return whether an email was sent now."""
    rows = ReviewReply.objects.select_for_update(of=("self",)).select_related("review__user", "review__work", "author")
    reply = rows.filter(pk=reply_id).first()
    if reply is None or reply.mailed_at is not None:
        return False
    review, reader = reply.review, reply.review.user
    reply.mailed_at = clock.now()
    reply.save(update_fields=["mailed_at"])
    if not mail_choices.is_wanted(reader, REVIEW_REPLY):
        return False
    link = mail_choices.stop_link(user=reader, code=REVIEW_REPLY)
    with regions.active(reader.region):
        name = pen_name(reply.author, work_id=review.work_id) or reply.author.display_name
        subject = _("%(name)s has replied to your review") % {"name": name}
        context = {"reply": reply, "review": review, "name": name, "stop_link": link}
        send("review_reply", subject, reader.email, context, headers=one_click(link))
    return True
