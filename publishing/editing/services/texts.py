"""What every change of a text does: lock its row, write corrections, raise the revision, and have the files made."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from accounts.models import User
from common import clock, jobs
from conversion.engine.api import patches
from conversion.options import Patch
from publishing.editing.errors import CorrectionClashes, NoText
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import Placed
from publishing.editing.selectors.descriptions import descriptions_for_files
from publishing.editing.selectors.texts import current_base
from publishing.models import Work

# A build starts this long after the last change: the editor saves every few seconds.
BUILD_DELAY = timedelta(seconds=8)
_DIGEST_DIGITS = 32


def lock_text(work: Work) -> WorkText:
    """Return the text's row, locked until the transaction ends. All changes of the text wait here. Raises NoText.

    Without the lock, two saves of one chapter would both find the revision they were made from.
    """
    text = WorkText.objects.select_for_update(of=("self",)).select_related("base").filter(work=work).first()
    if text is None or text.base is None:
        raise NoText
    text.work = work
    return text


def write_revision(
    text: WorkText,
    revision: patches.Revision,
    placed: Sequence[Placed],
    *,
    actor: User,
    at: datetime,
    origin: Origin = Origin.AUTHOR,
) -> list[Correction]:
    """Write what became of the corrections of a locked text, as a new revision of it. Return those that were made.

    A fix may make thousands, so all are written at once.
    """
    text.revision += 1
    known = {one.patch.identity: one.correction for one in placed}
    revised = {patch.revises for patch in revision.made}
    for decision in (Decision.REVISED, Decision.REVERTED):
        dropped = [one for one in revision.dropped if (one.identity in revised) == (decision == Decision.REVISED)]
        end_all([known[one.identity] for one in dropped], text.revision, decision, actor=actor, at=at)
    made = [
        Correction(
            work=text.work,
            base=current_base(text),
            patch=patch,
            identity=patch.identity,
            op=str(patch.op),
            decision=Decision.ACCEPTED,
            decided_by=actor,
            decided_at=at,
            origin=origin,
            author=actor,
            code=patch.author if origin == Origin.FIX else "",
            revises=known.get(patch.revises),
            made_at=at,
            counts_from=text.revision,
        )
        for patch in revision.made
    ]
    Correction.objects.bulk_create(made)
    touch(text, at=at)
    return made


def end(correction: Correction, revision: int, decision: Decision, *, actor: User, at: datetime) -> None:
    """Let a correction be part of the text no longer, from a revision on."""
    correction.decision, correction.decided_by, correction.decided_at = decision, actor, at
    correction.counts_until = revision
    correction.save(update_fields=["decision", "decided_by", "decided_at", "counts_until"])


def end_all(
    corrections: Collection[Correction], revision: int, decision: Decision, *, actor: User, at: datetime
) -> None:
    """End many corrections at once."""
    Correction.objects.filter(pk__in=[one.pk for one in corrections]).update(
        decision=decision, decided_by=actor, decided_at=at, counts_until=revision
    )


def touch(text: WorkText, *, at: datetime) -> None:
    """Save a locked text that has changed, and have its files made once nobody changes it for a while."""
    text.digest = digest(text.work)
    text.changed_at, text.due_at = at, clock.real_now() + BUILD_DELAY
    text.save(update_fields=["revision", "digest", "changed_at", "due_at"])
    jobs.enqueue_later("editing.rebuild_due", delay_s=BUILD_DELAY.total_seconds() + 0.5, work_id=text.work_id)


def digest(work: Work) -> str:
    """Return the digest of the accepted corrections and of the descriptions of drawn pages; "" for none. Where
    corrections count does not matter."""
    identities = Correction.objects.filter(work=work).accepted().order_by("identity")
    accepted = list(identities.values_list("identity", flat=True))
    accepted += (f"{one.asset}:{one.decorative}:{one.alt}" for one in descriptions_for_files(work))
    return hashlib.sha256(",".join(accepted).encode()).hexdigest()[:_DIGEST_DIGITS] if accepted else ""


def require_apart(patch: Patch, placed: Iterable[Placed]) -> None:
    """Require that a words patch touches no other one of its block. Raises CorrectionClashes."""
    if patch.op != patches.Op.WORDS:
        return
    for one in placed:
        other = one.patch
        is_same_block = other.op == patches.Op.WORDS and other.anchor.block == patch.anchor.block
        if is_same_block and patch.anchor.start <= other.anchor.end and other.anchor.start <= patch.anchor.end:
            raise CorrectionClashes
