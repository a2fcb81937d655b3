"""Corrections that do not fit the text any more, resolved by hand: the correction at its best guess, or dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from conversion.engine.api import patches
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import NoGuess, NothingToResolve
from publishing.editing.models import Correction, Decision, Fit, WorkText
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import end, lock_text, require_apart, touch
from publishing.models import Work


@transaction.atomic
def resolve_conflict(*, actor: User, work: Work, correction: Correction, use_mine: bool, at: datetime) -> None:
    """Put the correction where the last build guessed that it belongs, or drop it.

    Raises NotAllowed, NothingToResolve, NoGuess, and CorrectionClashes where other corrections are in that place.
    """
    permissions.require_edit_text(actor, work)
    text = lock_text(work)
    fit = _conflict(text, correction)
    correction = fit.correction
    if use_mine:
        _use_mine(text, fit, actor=actor, at=at)
        verb = "correction.accepted"
    else:
        text.revision += 1
        end(correction, text.revision, Decision.REVERTED, actor=actor, at=at)
        verb = "correction.undone"
    touch(text, at=at)
    account_services.record_audit(actor=actor, verb=verb, subject=correction)


def _conflict(text: WorkText, correction: Correction) -> Fit:
    """Return how an accepted correction fails to fit the text. Raises NothingToResolve."""
    fit = selectors.conflicts_of(text).filter(correction=correction).first()
    if fit is None:
        raise NothingToResolve
    return fit


def _use_mine(text: WorkText, fit: Fit, *, actor: User, at: datetime) -> None:
    """Replace the correction by one whose old words are those that stand at the guess now."""
    old, guess = fit.correction, fit.fit.guess
    edit = old.patch.edit
    if guess is None or not isinstance(edit, patches.WordsEdit):
        raise NoGuess
    base = selectors.engine_base(current_base(text))
    block = base.block_of(guess)
    if block is None:
        raise NoGuess
    words = base.blocks[block].words[guess.start : guess.end]
    patch = replace(
        old.patch,
        base=base.identity,
        anchor=guess,
        edit=patches.WordsEdit(tuple(patches.pieces_of_words(words)), edit.new),
        author=actor.public_id,
        made_at=at.isoformat(),
        revises=old.identity,
    )
    require_apart(patch, selectors.placed_now(text))
    text.revision += 1
    end(old, text.revision, Decision.REVISED, actor=actor, at=at)
    Correction.objects.create(
        work=text.work,
        base=current_base(text),
        patch=patch,
        identity=patch.identity,
        op=old.op,
        decision=Decision.ACCEPTED,
        decided_by=actor,
        decided_at=at,
        origin=old.origin,
        author=old.author,
        code=old.code,
        revises=old,
        made_at=at,
        counts_from=text.revision,
    )
