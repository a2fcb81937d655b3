"""Automatic fixes: for all findings of a kind, or of several, and back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock
from common.limits import limited
from conversion.models import JobState
from publishing import permissions
from publishing.editing.errors import FixesNotReady, NoText, NothingToFix
from publishing.editing.services import builds
from publishing.editing.services import fixes as fix_services
from publishing.models import Work
from publishing.views.findings import fixable_codes
from publishing.views.loading import load_edition, load_work


@login_required
@require_POST
@limited("make")
def fix(request: PersonRequest, public_id: str, code: str) -> HttpResponse:
    """Fix all findings of a code, or undo that (`undo` in the form)."""
    work = load_work(request, public_id, permissions.require_edit_text)
    if "undo" in request.POST:
        fix_services.undo_fixes(actor=request.user, work=work, code=code, at=clock.now())
        messages.success(request, _("Fix undone. These places are as you wrote them. We are making the files again."))
    else:
        _accept(request, work, [code])
    return redirect("work-corrections" if "corrections" in request.POST else "work-remarks", public_id)


@login_required
@require_POST
@limited("make")
def fixes(request: PersonRequest, public_id: str) -> HttpResponse:
    """Fix all findings of the selected codes (`code`, several times) in one run, or all fixable ones (`all`)."""
    edition = load_edition(request, public_id, permissions.require_edit_text)
    codes = fixable_codes(edition) if "all" in request.POST else request.POST.getlist("code")
    if codes:
        _accept(request, edition.work, codes)
    else:
        messages.warning(request, _("Nothing is selected. Select the remarks to fix, or choose “Fix all”."))
    return redirect("work-remarks", public_id)


def _accept(request: PersonRequest, work: Work, codes: list[str]) -> None:
    try:
        count = fix_services.accept_fixes(actor=request.user, work=work, codes=codes, at=clock.now())
    except (NoText, FixesNotReady):
        _look_for_places(request, work)
    except NothingToFix as error:
        messages.error(request, error.text)
    else:
        messages.success(request, _done(count))


def _look_for_places(request: PersonRequest, work: Work) -> None:
    """Have the manuscript read for what fixes would change: it was not, when the book was made."""
    text = builds.request_base(actor=request.user, work=work, at=clock.now())
    if text.base_job is not None and text.base_job.state == JobState.FAILED:
        messages.error(request, _("The manuscript could not be read. Upload it again, then fix the remarks."))
    else:
        messages.info(request, str(FixesNotReady().text))


def _done(count: int) -> str:
    if not count:
        return _("We are fixing this. Every change will be listed here, and you can undo it.")
    return ngettext(
        "%(count)s place fixed. We are making the files again. You can undo the fix there.",
        "%(count)s places fixed. We are making the files again. You can undo each of them by itself.",
        count,
    ) % {"count": count}
