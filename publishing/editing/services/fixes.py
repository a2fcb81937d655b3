"""Automatic fixes: each place that a fix corrects is a correction by the code of the fix, undone by itself or with all
of its kind.

A few fixes build other blocks. They are used as a whole (`publishing.services.design`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from conversion import rules
from conversion.engine.api import editing, patches
from publishing import permissions
from publishing import services as publishing_services
from publishing.editing import selectors
from publishing.editing.errors import FixesNotReady, NothingToFix
from publishing.editing.models import Decision, Origin, WorkText
from publishing.editing.selectors import fixes
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import end_all, lock_text, write_revision
from publishing.errors import FixUnknown
from publishing.models import Work
from publishing.services.editions import lock_work


@transaction.atomic
def accept_fixes(*, actor: User, work: Work, codes: Collection[str], at: datetime) -> int:
    """Fix all findings of these codes in one run. Return how many places were corrected in the text.

    A place that was corrected otherwise, or where the fix was undone or declined before, stays as it is.
    Raises NotAllowed, FixUnknown, NoText, FixesNotReady, NothingToFix.
    """
    work = lock_work(work)
    permissions.require_edit_text(actor, work)
    if not codes or not all(rules.can_fix(code) for code in codes):
        raise FixUnknown
    whole = {code for code in codes if rules.is_fixed_as_whole(code)}
    by_place = set(codes) - whole
    count = _fix_places(actor, work, by_place, at, is_alone=not whole) if by_place else 0
    if whole:
        publishing_services.fix_as_whole(actor=actor, work=work, codes=whole, at=at)
    return count


@transaction.atomic
def undo_fixes(*, actor: User, work: Work, code: str, at: datetime) -> int:
    """Undo a fix in all places where it is part of the text, and do not propose it there again.

    Return how many places there were. Raises NotAllowed, NoText, FixUnknown for a fix that is nowhere in use.
    """
    work = lock_work(work)
    permissions.require_edit_text(actor, work)
    if code in work.fixes:
        publishing_services.undo_fix(actor=actor, work=work, code=code, at=at)
        return 0
    text = lock_text(work)
    chosen = {one.pk: one for one in fixes.accepted_fixes(text, code)}
    if not chosen:
        raise FixUnknown
    placed = selectors.placed_now(text)
    here = [one for one in placed if one.correction.pk in chosen]
    elsewhere = chosen.keys() - {one.correction.pk for one in here}  # they do not change this base
    end_all([chosen[pk] for pk in elsewhere], text.revision + 1, Decision.REVERTED, actor=actor, at=at)
    found = editing.take_back(
        selectors.engine_base(current_base(text)), selectors.patches_of(placed), *selectors.patches_of(here)
    )
    write_revision(text, found, placed, actor=actor, at=at)
    _record(actor, work, "fix.undone", code, len(chosen))
    return len(chosen)


def _fix_places(actor: User, work: Work, codes: set[str], at: datetime, *, is_alone: bool) -> int:
    text = lock_text(work)
    if not fixes.has_proposals(text):
        raise FixesNotReady
    wanted = [patch for patch in fixes.open_proposals(text) if patch.author in codes]
    if not wanted and is_alone:
        raise NothingToFix
    _write(text, wanted, actor, at)
    for code in sorted({patch.author for patch in wanted}):
        _record(actor, work, "fix.accepted", code, sum(patch.author == code for patch in wanted))
    return len(wanted)


def _write(text: WorkText, wanted: list[patches.Patch], actor: User, at: datetime) -> None:
    if wanted:
        write_revision(text, patches.Revision(made=wanted), (), actor=actor, at=at, origin=Origin.FIX)


def _record(actor: User, work: Work, verb: str, code: str, places: int) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=work, facts={"code": code, "places": places})
