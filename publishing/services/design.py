"""How a work's files are made: the interior design, its previews, and the fixes that are used as a whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from conversion import rules
from conversion import services as conversion_services
from conversion.engine.api import DESIGNS
from conversion.options import ConversionOptions
from publishing import permissions, selectors
from publishing.errors import DesignUnknown, FixUnknown, PreviewTooSoon
from publishing.models import EditionState, Work
from publishing.services import editions

# A print page and a phone page are enough to show a design.
PREVIEW_TARGETS = ("print", "phone")


@transaction.atomic
def choose_design(
    *, actor: User, work: Work, design: str, keep_design: bool = False, embed_fonts: bool = False, at: datetime
) -> Work:
    """Set the interior design. A draft is made again; editions on sale do not change.

    Raises NotAllowed, DesignUnknown.
    """
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    if design not in DESIGNS:
        raise DesignUnknown
    work.design, work.keep_design, work.embed_fonts = design, keep_design, embed_fonts
    work.save(update_fields=["design", "keep_design", "embed_fonts"])
    editions.refresh_draft(actor=actor, work=work, at=at)
    return work


@transaction.atomic
def fix_as_whole(*, actor: User, work: Work, codes: Collection[str], at: datetime) -> Work:
    """Let the engine fix all findings of these codes, now and in later uploads, in one run.

    Only for fixes that build other blocks. The others are corrections, which are undone place by place
    (`publishing.editing`). Raises NotAllowed, FixUnknown.
    """
    if not codes or not all(rules.can_fix(code) and rules.is_fixed_as_whole(code) for code in codes):
        raise FixUnknown
    work = _locked(actor, work)
    return _use_fixes(actor, work, set(work.fixes).union(codes), at)


@transaction.atomic
def undo_fix(*, actor: User, work: Work, code: str, at: datetime) -> Work:
    """Stop fixing this code as a whole and leave the text as the author wrote it.

    Raises NotAllowed, FixUnknown for a fix that is not in use.
    """
    work = _locked(actor, work)
    if code not in work.fixes:
        raise FixUnknown
    return _use_fixes(actor, work, set(work.fixes) - {code}, at)


@transaction.atomic
def request_preview(*, actor: User, work: Work, at: datetime) -> Work:
    """Request the first pages of the body in every design.

    Raises NotAllowed, and PreviewTooSoon before a manuscript has been read.
    """
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    edition = selectors.newest_of(work)
    if edition is None or not selectors.can_preview_designs(edition):
        raise PreviewTooSoon
    if selectors.designs_job(work, edition) is not None:
        return work
    manuscript = edition.manuscript
    options = ConversionOptions(
        overrides=selectors.wanted_options(edition).overrides, formats=("preview",), targets=PREVIEW_TARGETS
    )
    work.preview_job = conversion_services.request_conversion(
        actor=actor,
        source_file=manuscript.file,
        source_name=manuscript.name,
        source_sha256=manuscript.sha256,
        source_bytes=manuscript.size_bytes,
        options=options,
        at=at,
    )
    work.save(update_fields=["preview_job"])
    return work


def _locked(actor: User, work: Work) -> Work:
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    return work


def _use_fixes(actor: User, work: Work, fixes: set[str], at: datetime) -> Work:
    before = set(work.fixes)
    work.fixes = sorted(fixes)
    work.save(update_fields=["fixes"])
    for code in sorted(before ^ fixes):
        verb = "fix.accepted" if code in fixes else "fix.undone"
        account_services.record_audit(actor=actor, verb=verb, subject=work, facts={"code": code})
    newest = selectors.newest_of(work)
    if newest is not None and newest.state != EditionState.DRAFT and selectors.are_files_stale(newest):
        editions.prepare_edition(actor=actor, manuscript=newest.manuscript, at=at)
    else:
        editions.refresh_draft(actor=actor, work=work, at=at)
    return work
