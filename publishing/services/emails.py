"""Mails to authors, each sent once: to accept a credit, to agree to a share, and when a release is or will be late.

The author dashboard shows the same requests to people who get no mail.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import regions, restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import clock
from common.emails import enqueue, send
from publishing import selectors
from publishing.models import Contributor, EditionState, PlannedRelease, SplitAgreement, SplitShare, Work
from publishing.services import invitations

_KEPT_BACK = gettext_lazy("Its owner may not put anything on sale at present")


@transaction.atomic
def mail_proposal(*, agreement_id: int) -> int:
    """Ask everyone who has not agreed yet, once per agreement; return the number of mails sent now."""
    # The lock keeps two workers from mailing twice; the mark is committed only after the mails were handed over.
    agreement = (
        SplitAgreement.objects.select_for_update(of=("self",))
        .select_related("work", "proposed_by")
        .filter(pk=agreement_id, mailed_at=None)
        .first()
    )
    if agreement is None:
        return 0
    waiting = agreement.shares.filter(consented_at=None).select_related("contributor__user", "contributor__left")
    shares = [share for share in waiting if share.contributor.payee is not None and share.contributor.payee.is_active]
    for share in shares:
        _ask(agreement, share)
    agreement.mailed_at = clock.now()
    agreement.save(update_fields=["mailed_at"])
    return len(shares)


@transaction.atomic
def mail_credit(*, contributor_id: int) -> bool:
    """Ask the person to whom the credit is offered, with an account or without; return whether a mail was sent."""
    # The lock keeps two workers from mailing twice; the mark is committed only after the mail was handed over.
    rows = Contributor.objects.select_for_update(of=("self",)).select_related("work__owner", "asked")
    can_be_asked = Q(asked__is_active=True) | ~Q(invited_email="")
    found = rows.filter(can_be_asked, pk=contributor_id, user=None, mailed_at=None).first()
    if found is None:
        return False
    to = found.asked.email if found.asked is not None else found.invited_email
    with regions.active((found.asked or found.work.owner).region):
        facts = {"person": found, "work": found.work, "link": invitations.link_to(found)}
        send("credit_offered", _("Is this you?"), to, facts)
    found.mailed_at = clock.now()
    found.save(update_fields=["mailed_at"])
    return True


def mail_deleted(*, person: User, owner: User, title: str) -> None:
    """Tell someone who accepted a credit that the owner deleted the draft.

    The email is queued whole in the transaction that deletes it: no row is left that could say later what to tell.
    """
    with regions.active(person.region):
        enqueue("draft_deleted", _("A draft was deleted"), person.mail_to, {"owner": owner, "title": title})


@transaction.atomic
def mail_late(*, work_id: int) -> bool:
    """Tell the owner that the book missed its release date and what is missing; return whether a mail was sent."""
    # The lock keeps two workers from mailing twice; the mark is committed only after the mail was handed over.
    works = Work.objects.select_for_update(of=("self",)).select_related("owner")
    work = works.filter(pk__in=selectors.works_late(day=clock.now().date()), pk=work_id).first()
    edition = selectors.announced_of(work) if work is not None else None
    if work is None or edition is None:
        return False
    is_kept_back = restrictions.is_restricted(work.owner, Activity.CONTENT)
    if selectors.is_ready(edition) and not is_kept_back:  # it is about to be published
        return False
    with regions.active(work.owner.region):
        needs = [str(need.text) for need in selectors.edition_readiness(edition) if not need.is_met]
        if is_kept_back:
            needs.append(str(_KEPT_BACK))
        context = {"work": work, "needs": "; ".join(needs)}
        send("release_late", _("Your book is not out yet"), work.owner.email, context)
    work.late_date = work.release_date
    work.save(update_fields=["late_date"])
    return True


@transaction.atomic
def mail_plan(*, plan_id: int) -> bool:
    """Tell who planned it that an edition cannot go on sale as planned, and what is missing: before that time and
    after it, each once. Return whether a mail was sent."""
    plans = PlannedRelease.objects.select_for_update(of=("self",)).select_related("edition__work", "planned_by")
    plan = plans.filter(pk=plan_id, edition__state=EditionState.DRAFT).first()
    if plan is None:
        return False
    at, edition, person = clock.now(), plan.edition, plan.planned_by
    is_late = plan.due_at <= at
    with regions.active(person.region):
        needs = [str(need.text) for need in selectors.edition_readiness(edition) if not need.is_met]
        if edition.work.held_by:
            needs.append(_("The book is off sale while a report is looked into"))
        if restrictions.is_restricted(edition.work.owner, Activity.CONTENT, at):
            needs.append(str(_KEPT_BACK))
        told_at = plan.late_told_at if is_late else plan.early_told_at
        if told_at is not None or not needs:
            return False
        context = {"work": edition.work, "plan": plan, "needs": "; ".join(needs), "is_late": is_late}
        subject = _("Your new edition is not out yet") if is_late else _("Tomorrow’s edition is not ready")
        send("edition_not_ready", subject, person.email, context)
    mark = "late_told_at" if is_late else "early_told_at"
    setattr(plan, mark, at)
    plan.save(update_fields=[mark])
    return True


def _ask(agreement: SplitAgreement, share: SplitShare) -> None:
    person = share.contributor.payee
    if person is None:
        return
    with regions.active(person.region):
        context = {"agreement": agreement, "share_bps": share.share_bps}
        subject = _("You have been offered a share") if share.share_bps else _("Your share")
        send("split_proposed", subject, person.email, context)
