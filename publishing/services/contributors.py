"""Credits of a work and the split of its royalty. Nobody is linked to a credit or given a share without consent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.templatetags.money import percent
from publishing import hooks, permissions, selectors
from publishing.errors import (
    AlreadyContributor,
    ContributorHasShares,
    NothingToConsentTo,
    OwnerStays,
    SharePromised,
    ShareTotalWrong,
    ShareWithoutAccount,
)
from publishing.models import Contributor, SplitAgreement, SplitShare, Work
from publishing.services import editions

_WHOLE_BPS = 10_000


@transaction.atomic
def add_contributor(*, actor: User, work: Work, name: str, role: str, email: str = "", at: datetime) -> Contributor:
    """Credit a name on the work, and ask the person at the email address by mail to accept the credit.

    Someone with an account accepts as in services/credits.py, someone without one as in services/invitations.py. Actors
    who credit themselves accept by doing so. The result looks the same for every address. Raises AlreadyContributor.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    person = _account(email)
    user = person if person == actor else None
    if user is not None and work.contributors.filter(user=user, role=role).exists():
        raise AlreadyContributor(name=name)
    last = work.contributors.order_by("-position").first()
    contributor = Contributor(
        work=work,
        user=user,
        asked_at=at if email and user is None else None,
        name=name,
        role=role,
        position=last.position + 1 if last else 0,
    )
    if user is None:
        ask(contributor, email)
    contributor.save()
    account_services.record_audit(actor=actor, verb="contributor.added", subject=contributor)
    jobs.enqueue("publishing.mail_credit", contributor_id=contributor.pk)
    _spread(actor, work, at)
    return contributor


@transaction.atomic
def rename_contributor(*, actor: User, contributor: Contributor, name: str, at: datetime) -> Contributor:
    """Change the credited name, for example to a pen name or another spelling."""
    work = editions.lock_work(contributor.work)
    permissions.require_publish(actor, work)
    contributor.name = name
    contributor.save(update_fields=["name"])
    _spread(actor, work, at)
    return contributor


@transaction.atomic
def remove_contributor(*, actor: User, contributor: Contributor, at: datetime) -> None:
    """Remove a credit. Raises OwnerStays, ContributorHasShares."""
    work = editions.lock_work(contributor.work)
    permissions.require_publish(actor, work)
    if contributor.user_id == work.owner_id:
        raise OwnerStays
    if contributor.shares.exists():
        raise ContributorHasShares(name=contributor.name)
    account_services.record_audit(actor=actor, verb="contributor.removed", subject=contributor)
    contributor.delete()
    _spread(actor, work, at)


@transaction.atomic
def propose_split(*, actor: User, work: Work, shares: Mapping[Contributor, int], at: datetime) -> SplitAgreement:
    """Propose a split of the royalty, in basis points by contributor; contributors who are left out or at 0 get
    nothing.

    It applies to sales from the moment that everyone in it has consented, as well as everyone who would lose their
    share; until then, the previous agreement applies. The proposer consents by proposing. Shares that will end were
    agreed for their time: they stay as they are, and `shares` divides the rest. Raises ShareTotalWrong,
    ShareWithoutAccount, SharePromised.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    positive = {contributor: bps for contributor, bps in shares.items() if bps}
    ending = shares_that_end(work, at)
    _check_shares(positive, sum(row.share_bps for row in ending))
    _check_promises(actor, work, positive)
    drop_open_proposals(work)
    losing = _losing_all(work, positive, at)
    agreement = SplitAgreement.objects.create(work=work, effective_at=at, proposed_by=actor, created_at=at)
    lasting = [
        SplitShare(
            agreement=agreement,
            contributor=contributor,
            share_bps=bps,
            consented_at=at if contributor.payee == actor else None,
        )
        for contributor, bps in {**positive, **dict.fromkeys(losing, 0)}.items()
    ]
    SplitShare.objects.bulk_create([*lasting, *(kept_in(agreement, row) for row in ending)])
    account_services.record_audit(actor=actor, verb="split.proposed", subject=agreement)
    jobs.enqueue("publishing.mail_proposal", agreement_id=agreement.pk)
    return agreement


@transaction.atomic
def consent_to_split(*, actor: User, agreement: SplitAgreement, at: datetime) -> SplitAgreement:
    """Consent to the actor's own shares in the newest proposal. Raises NothingToConsentTo."""
    waiting = _waiting_shares(actor, agreement)
    for share in waiting:
        share.consented_at = at
        share.save(update_fields=["consented_at"])
    account_services.record_audit(actor=actor, verb="split.consented", subject=agreement)
    return agreement


@transaction.atomic
def decline_split(*, actor: User, agreement: SplitAgreement, at: datetime) -> None:
    """Decline the actor's share. The proposal is deleted, and the previous agreement stays.

    Raises NothingToConsentTo.
    """
    _waiting_shares(actor, agreement)
    account_services.record_audit(
        actor=actor, verb="split.declined", subject=agreement, facts={"declined_at": at.isoformat()}
    )
    agreement.delete()


def _waiting_shares(actor: User, agreement: SplitAgreement) -> list[SplitShare]:
    """Lock the work and return the actor's unanswered shares. Raises NothingToConsentTo."""
    work = editions.lock_work(agreement.work)
    newest = selectors.newest_agreement(work)
    if newest is None or newest.pk != agreement.pk:
        raise NothingToConsentTo
    waiting = list(SplitShare.objects.of(actor).filter(agreement=agreement, consented_at=None))
    if not waiting:
        raise NothingToConsentTo
    return waiting


def _check_shares(shares: Mapping[Contributor, int], ending_bps: int) -> None:
    total = sum(shares.values()) + ending_bps
    if total != _WHOLE_BPS or any(bps < 0 for bps in shares.values()):
        raise ShareTotalWrong(total=percent(total))
    for contributor in shares:
        if contributor.payee is None:
            raise ShareWithoutAccount(name=contributor.name)


def _check_promises(actor: User, work: Work, shares: Mapping[Contributor, int]) -> None:
    """Require that the actor keeps what they have promised to people who work for it."""
    promised = hooks.promised_bps(actor, work)
    kept = sum(bps for contributor, bps in shares.items() if contributor.payee == actor)
    if kept < promised:
        raise SharePromised(promised=percent(promised))


def _losing_all(work: Work, shares: Mapping[Contributor, int], at: datetime) -> list[Contributor]:
    """Return contributors whose payees have a share now and would have none."""
    before = selectors.agreement_in_force(work)
    staying = {contributor.payee for contributor in shares}
    now = selectors.shares_at(before, at) if before is not None else []
    had = [one.contributor for one in now if one.share_bps and one.end is None]
    return [contributor for contributor in had if contributor.payee not in staying]


def shares_that_end(work: Work, at: datetime) -> list[SplitShare]:
    """Return the shares in force that will end and have not ended yet."""
    before = selectors.agreement_in_force(work)
    if before is None:
        return []
    running = {one.end.reference for one in selectors.shares_at(before, at) if one.end is not None}
    return [row for row in before.shares.all() if row.reference in running]


def kept_in(agreement: SplitAgreement, row: SplitShare) -> SplitShare:
    """Return a share that will end as the next agreement has it: nobody is asked again."""
    end = row.end.columns if row.end is not None else {}
    return SplitShare(
        agreement=agreement,
        contributor=row.contributor,
        share_bps=row.share_bps,
        consented_at=row.consented_at,
        **end,
    )


def drop_open_proposals(work: Work) -> None:
    """Delete proposals that are still open, as the new one replaces them. Agreements that were in force stay as
    history.
    """
    for agreement in work.split_agreements.prefetch_related("shares"):
        if not agreement.is_consented:
            agreement.delete()


def ask(contributor: Contributor, email: str) -> None:
    """Set who is asked to accept the credit: the account with this address, or else the address. The credit is not
    saved here.
    """
    person = _account(email)
    contributor.asked = _to_ask(person, contributor)
    contributor.invited_email = email.strip() if person is None else ""


def _account(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first() if email.strip() else None


def _to_ask(person: User | None, contributor: Contributor) -> User | None:
    """Return the person to ask, or None when they already have or are offered the same role."""
    if person is None:
        return None
    others = contributor.work.contributors.exclude(pk=contributor.pk)
    same = others.filter(Q(user=person) | Q(asked=person), role=contributor.role)
    return None if same.exists() else person


def _spread(actor: User, work: Work, at: datetime) -> None:
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)
