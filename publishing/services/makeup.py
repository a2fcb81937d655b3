"""How a work's files are made: the interior design, the fixes that the engine may make, a look at the designs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from conversion import rules
from conversion import services as conversion_services
from conversion.engine.designs import DESIGNS
from conversion.options import ConversionOptions
from publishing import permissions, selectors
from publishing.errors import DesignUnknown, FixUnknown, PreviewTooSoon
from publishing.models import EditionState, Work
from publishing.services import editions

# One page to hold and one to scroll show what a design does.
PREVIEW_TARGETS = ("print", "phone")


@transaction.atomic
def choose_design(
    *, actor: User, work: Work, design: str, keep_design: bool = False, embed_fonts: bool = False, at: datetime
) -> Work:
    """Set the interior. A draft is made again; an edition on sale stays as it is. Raises NotAllowed, DesignUnknown."""
    work = editions.locked(work)
    permissions.require_edit(actor, work)
    if design not in DESIGNS:
        raise DesignUnknown
    work.design, work.keep_design, work.embed_fonts = design, keep_design, embed_fonts
    work.save(update_fields=["design", "keep_design", "embed_fonts"])
    editions.refresh_draft(actor=actor, work=work, at=at)
    return work


@transaction.atomic
def accept_fix(*, actor: User, work: Work, code: str, at: datetime) -> Work:
    """Let the engine mend all findings of a code, now and in later uploads. Raises NotAllowed, FixUnknown."""
    return _change_fixes(actor, work, code, is_wanted=True, at=at)


@transaction.atomic
def undo_fix(*, actor: User, work: Work, code: str, at: datetime) -> Work:
    """Leave these places as their author wrote them. Raises NotAllowed, FixUnknown for a fix that is not in use."""
    return _change_fixes(actor, work, code, is_wanted=False, at=at)


@transaction.atomic
def request_preview(*, actor: User, work: Work, at: datetime) -> Work:
    """Have the opening of the body set in every design. Raises NotAllowed, and PreviewTooSoon before there is a
    manuscript that has been read."""
    work = editions.locked(work)
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
        options=options,
        at=at,
    )
    work.save(update_fields=["preview_job"])
    return work


def _change_fixes(actor: User, work: Work, code: str, *, is_wanted: bool, at: datetime) -> Work:
    work = editions.locked(work)
    permissions.require_edit(actor, work)
    fixes = set(work.fixes)
    if (is_wanted and not rules.can_mend(code)) or (not is_wanted and code not in fixes):
        raise FixUnknown
    work.fixes = sorted(fixes | {code} if is_wanted else fixes - {code})
    work.save(update_fields=["fixes"])
    account_services.record_audit(
        actor=actor, verb="fix.accepted" if is_wanted else "fix.undone", subject=work, facts={"code": code}
    )
    newest = selectors.newest_of(work)
    if newest is not None and newest.state != EditionState.DRAFT and selectors.are_files_stale(newest):
        editions.prepare_edition(actor=actor, manuscript=newest.manuscript, at=at)
    else:
        editions.refresh_draft(actor=actor, work=work, at=at)
    return work
