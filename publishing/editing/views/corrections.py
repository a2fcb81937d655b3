"""The list of a text's corrections with their words before and after, and the decisions on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from common.paging import page_of
from conversion import rules
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.models import Decision
from publishing.editing.selectors import lists
from publishing.editing.selectors.fixes import fix_title
from publishing.editing.selectors.lists import ShownCorrection
from publishing.editing.services import conflicts, deciding, suggesting
from publishing.editing.views.contexts import load_text_page, text_context
from publishing.models import Work
from publishing.views.loading import load_work
from publishing.views.tabs import Tab

# What people may do with a correction, by the last part of the address. Each service asks for the permission again.
_ACTIONS: dict[str, Callable[..., Any]] = {
    "accept": deciding.accept,
    "decline": deciding.decline,
    "withdraw": deciding.withdraw,
    "explain": suggesting.explain,
    "undo": deciding.revert,
    "restore": deciding.restore,
    "use-mine": partial(conflicts.resolve_conflict, use_mine=True),
    "drop": partial(conflicts.resolve_conflict, use_mine=False),
}
_EXPLAINED = frozenset({"decline", "explain"})


@never_cache
@require_GET
def corrections(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List corrections: those in the text, or `?state=suggested`, `conflict` or `undone`; one fix's with `?fix=`."""
    edition = load_text_page(request, public_id)
    text = selectors.require_text(edition.work)
    state = request.GET.get("state", "")
    state = state if state in lists.STATES else ""
    fix = request.GET.get("fix", "")[:60]
    fix = fix if rules.can_fix(fix) else ""
    page = page_of(request, lists.corrections_of(text, state, fix))
    context = text_context(request, edition) | {
        "page": page,
        "rows": [
            replace(one, actions=_actions(request, edition.work, one)) for one in lists.shown(text, list(page.rows))
        ],
        "shown_state": state,
        "shown_fix": fix,
        "fix_title": fix_title(fix) if fix else "",
        "fix_groups": [] if fix or page.newer else lists.fix_groups(text, state),
        "may_undo_fix": permissions.may_edit_text(request.user, edition.work) and not state,
        "tabs": _tabs(edition.work, state),
    }
    return render(request, "publishing/editing/corrections.html", context)


@login_required
@require_POST
@limited("text")
def decide(request: PersonRequest, public_id: str, correction_id: str, action: str) -> HttpResponse:
    """Accept, decline, withdraw, undo or restore a correction, or resolve its conflict."""
    work = load_work(request, public_id, permissions.require_suggest)
    service = _ACTIONS.get(action)
    if service is None:
        raise NotFound
    correction = selectors.correction_by_public_id(work, correction_id)
    given = {"reason": request.POST.get("reason", "")} if action in _EXPLAINED else {}
    try:
        service(actor=request.user, work=work, correction=correction, at=clock.now(), **given)
    except DomainError as error:
        if error.is_refusal:
            raise
        if _is_script(request):
            return JsonResponse({"code": error.code, "message": error.text}, status=error.status)
        messages.error(request, error.text)
    else:
        if _is_script(request):
            return HttpResponse(status=204)
        messages.success(request, _done(action))
    return redirect(_back(request, work))


def _actions(request: VisitorRequest, work: Work, row: ShownCorrection) -> tuple[tuple[str, str], ...]:
    """Return what the person may do with a correction, as the last parts of addresses and labels."""
    may_edit, may_decide = permissions.may_edit_text(request.user, work), permissions.may_decide(request.user, work)
    decision = row.correction.decision
    found: list[tuple[str, str]] = []
    if decision == Decision.SUGGESTED and may_decide:
        found += [("accept", _("Accept")), ("decline", _("Decline"))]
    if decision == Decision.SUGGESTED and row.correction.author_id == request.user.pk:
        found.append(("withdraw", _("Withdraw")))
    if decision == Decision.ACCEPTED and may_edit and row.is_conflict:
        found += [("use-mine", _("Use mine here"))] if row.has_guess else []
        found.append(("drop", _("Drop")))
    elif decision == Decision.ACCEPTED and may_edit:
        found.append(("undo", _("Undo")))
    if decision == Decision.REVERTED and may_edit:
        found.append(("restore", _("Restore")))
    return tuple(found)


def _done(action: str) -> str:
    return {
        "accept": _("Accepted. It is part of the text now."),
        "decline": _("Declined."),
        "withdraw": _("Withdrawn."),
        "explain": _("Your reason stands beside the suggestion."),
        "undo": _("Undone. The text is as it was before this correction."),
        "restore": _("Restored. It is part of the text again."),
        "use-mine": _("Your words are in the text now."),
        "drop": _("Dropped. The text stays as the manuscript has it."),
    }[action]


def _is_script(request: PersonRequest) -> bool:
    """Whether the editor asks, which stays where it is."""
    return request.headers.get("Accept") == "application/json"


def _back(request: PersonRequest, work: Work) -> str:
    """Return the list that the form was on."""
    state, fix = request.POST.get("state", ""), request.POST.get("fix", "")
    query = {"state": state if state in lists.STATES else "", "fix": fix if rules.can_fix(fix) else ""}
    asked = urlencode({name: value for name, value in query.items() if value})
    address = reverse("work-corrections", args=[work.public_id])
    return f"{address}?{asked}" if asked else address


def _tabs(work: Work, here: str) -> list[Tab]:
    address = reverse("work-corrections", args=[work.public_id])
    labels = {
        "": _("In the text"),
        "suggested": _("Suggested"),
        "conflict": _("Do not fit"),
        "undone": _("Undone and declined"),
    }
    return [
        Tab(label, f"{address}?state={state}" if state else address, state == here) for state, label in labels.items()
    ]
