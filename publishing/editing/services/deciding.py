"""Decisions on corrections: accept, decline and withdraw suggestions; undo what is part of the text, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.text_cleaning import one_line
from conversion.engine.api import editing
from publishing import hooks, permissions
from publishing.editing import selectors
from publishing.editing.errors import AlreadyDecided, CorrectionClashes
from publishing.editing.models import MAX_REASON, Correction, Decision, WorkText
from publishing.editing.selectors import Placed
from publishing.editing.selectors.texts import current_base, patch_in
from publishing.editing.services.texts import end, lock_text, require_apart, touch, write_revision
from publishing.models import Work


@transaction.atomic
def accept(*, actor: User, work: Work, correction: Correction, at: datetime) -> Correction:
    """Make a suggestion part of the text. What it revises is replaced by it.

    Raises NotAllowed, AlreadyDecided, and CorrectionClashes where the words were corrected otherwise meanwhile.
    """
    permissions.require_decide(actor, work)
    text = lock_text(work)
    correction = _locked(correction, Decision.SUGGESTED)
    _include(text, correction, actor=actor, at=at)
    account_services.record_audit(actor=actor, verb="correction.accepted", subject=correction)
    hooks.notify_text_news(work, at)
    return correction


@transaction.atomic
def decline(*, actor: User, work: Work, correction: Correction, at: datetime, reason: str = "") -> Correction:
    """Refuse a suggestion; it is not proposed again. `reason` is for who made it. Raises NotAllowed, AlreadyDecided."""
    permissions.require_decide(actor, work)
    lock_text(work)
    correction = _locked(correction, Decision.SUGGESTED)
    correction.decline_reason = one_line(reason)[:MAX_REASON]
    correction = _decided(correction, Decision.DECLINED, actor, at)
    account_services.record_audit(actor=actor, verb="correction.declined", subject=correction)
    hooks.notify_text_news(work, at)
    return correction


@transaction.atomic
def withdraw(*, actor: User, work: Work, correction: Correction, at: datetime) -> Correction:
    """Take back one's own suggestion. Raises NotAllowed, AlreadyDecided."""
    if correction.author_id != actor.pk:
        permissions.require_decide(actor, work)
    lock_text(work)
    correction = _decided(_locked(correction, Decision.SUGGESTED), Decision.WITHDRAWN, actor, at)
    account_services.record_audit(actor=actor, verb="correction.withdrawn", subject=correction)
    return correction


@transaction.atomic
def revert(*, actor: User, work: Work, correction: Correction, at: datetime) -> None:
    """Undo a correction: the text is as if it had never been made. Others stay, in whatever order they were made.

    Raises NotAllowed, and AlreadyDecided for one that is not part of the text.
    """
    permissions.require_edit_text(actor, work)
    text = lock_text(work)
    correction = _locked(correction, Decision.ACCEPTED)
    placed = selectors.placed_now(text)
    here = next((one for one in placed if one.correction.pk == correction.pk), None)
    if here is None:  # it does not change this base, so nothing depends on it
        text.revision += 1
        end(correction, text.revision, Decision.REVERTED, actor=actor, at=at)
        touch(text, at=at)
    else:
        base = selectors.engine_base(current_base(text))
        found = editing.take_back(base, selectors.patches_of(placed), here.patch)
        write_revision(text, found, placed, actor=actor, at=at)
    account_services.record_audit(actor=actor, verb="correction.undone", subject=correction)


@transaction.atomic
def restore(*, actor: User, work: Work, correction: Correction, at: datetime) -> Correction:
    """Make a correction part of the text again after it was undone: as a new one, with the same change.

    Raises NotAllowed, AlreadyDecided, CorrectionClashes.
    """
    permissions.require_edit_text(actor, work)
    text = lock_text(work)
    before = _locked(correction, Decision.REVERTED)
    fit = before.fits.filter(base=text.base_id).first()
    patch = patch_in(before, current_base(text), fit)
    if patch is None:
        raise CorrectionClashes
    patch = replace(patch, author=actor.public_id, made_at=at.isoformat(), revises="")
    again = Correction(
        work=work,
        base=current_base(text),
        patch=patch,
        identity=patch.identity,
        op=before.op,
        origin=before.origin,
        author=actor,
        code=before.code,
        revises=before,
        made_at=at,
    )
    _include(text, again, actor=actor, at=at)
    account_services.record_audit(actor=actor, verb="correction.accepted", subject=again)
    return again


def _include(text: WorkText, correction: Correction, *, actor: User, at: datetime) -> None:
    """Make a correction part of a locked text, in place of what it revises."""
    placed = selectors.placed_now(text)
    base = current_base(text)
    fit = correction.fits.filter(base=base).first() if correction.pk is not None else None
    patch = patch_in(correction, base, fit)
    if patch is None:
        raise CorrectionClashes
    before = _revised(correction, placed)
    require_apart(patch, [one for one in placed if one not in before])
    text.revision += 1
    for one in before:
        end(one.correction, text.revision, Decision.REVISED, actor=actor, at=at)
    correction.decision, correction.decided_by, correction.decided_at = Decision.ACCEPTED, actor, at
    correction.counts_from, correction.counts_until = text.revision, None
    correction.save()
    touch(text, at=at)


def _revised(correction: Correction, placed: list[Placed]) -> list[Placed]:
    """Return the corrections in the text that this one was made to replace."""
    return [one for one in placed if one.correction.pk == correction.revises_id]


def _locked(correction: Correction, decision: Decision) -> Correction:
    """Return the row, which the text's lock holds still, if nobody has decided otherwise. Raises AlreadyDecided."""
    found = Correction.objects.get(pk=correction.pk)
    if found.decision != decision:
        raise AlreadyDecided
    return found


def _decided(correction: Correction, decision: Decision, actor: User, at: datetime) -> Correction:
    correction.decision, correction.decided_by, correction.decided_at = decision, actor, at
    correction.save(update_fields=["decision", "decided_by", "decided_at", "decline_reason"])
    return correction
