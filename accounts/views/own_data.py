"""Views of a person's own data: a copy to download, and account deletion. Nobody else can open them, not even staff."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import hooks
from accounts import services as account_services
from accounts.forms import DeletionForm
from accounts.models import CopyState, DataCopy, Deletion
from accounts.requests import PersonRequest, VisitorRequest
from accounts.retention_schedule import LAW_YEARS
from accounts.services import data_copies, deletions
from common import clock, storage
from common.errors import NotFound
from common.limits import limited


@require_GET
@login_required
@never_cache
def your_data(request: PersonRequest) -> HttpResponse:
    """Show the copies that were made, and whether the account is due to be deleted."""
    at = clock.now()
    rows = list(DataCopy.objects.filter(user=request.user))
    context = {
        "ready": [one for one in rows if one.is_ready(at)],
        "is_waiting": any(one.state == CopyState.WAITING for one in rows),
        "has_failed": bool(rows) and rows[0].state == CopyState.FAILED,
        "days": data_copies.KEPT_FOR.days,
        "deletion": Deletion.objects.waiting().filter(user=request.user).first(),
    }
    return render(request, "accounts/your_data.html", context)


@require_POST
@login_required
@never_cache
@reauthentication_required
@limited("data_copy")
def ask_for_copy(request: PersonRequest) -> HttpResponse:
    data_copies.request_copy(actor=request.user, at=clock.now())
    messages.success(request, _("We are preparing the copy. We will email you when you can download it here."))
    return redirect("your-data")


@require_GET
@login_required
@never_cache
def download_copy(request: PersonRequest, copy_id: str) -> HttpResponseBase:
    """Send the file to the person it is about, until it expires. Nobody else learns whether it exists."""
    made = DataCopy.objects.filter(public_id=copy_id, user=request.user).first()
    if made is None or not made.is_ready(clock.now()):
        raise NotFound
    answer: HttpResponseBase = _download(request, made)
    return answer


@reauthentication_required
def _download(request: PersonRequest, made: DataCopy) -> FileResponse:
    """Record the download and send the file."""
    account_services.record_audit(actor=request.user, verb="data_copy.downloaded", subject=made)
    response = FileResponse(
        storage.private().open(made.file),
        as_attachment=True,
        filename=f"{made.made_at:%Y-%m-%d}-{made.public_id}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete_account(request: PersonRequest) -> HttpResponse:
    """Show what is deleted, what is kept and what prevents it, with the form that asks for the deletion."""
    deletion = Deletion.objects.waiting().filter(user=request.user).first()
    if deletion is not None:
        return redirect("your-data")
    if request.method == "POST":
        answer: HttpResponse = _delete(request)
        return answer
    return _deletion_page(request, DeletionForm())


@reauthentication_required
def _delete(request: PersonRequest) -> HttpResponse:
    form = DeletionForm(request.POST)
    if not form.is_valid():
        return _deletion_page(request, form, status=422)
    deletions.request_deletion(actor=request.user, keeps_words=form.keeps_words, at=clock.now())
    messages.warning(request, _("Your account will be deleted. We have emailed you the date and a link to cancel."))
    return redirect("your-data")


def _deletion_page(request: PersonRequest, form: DeletionForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        "form": form,
        "obstacles": hooks.obstacles(request.user, at),
        "given_up": hooks.given_up(request.user, at),
        "waiting_days": deletions.WAITING_TIME.days,
        "law_years": LAW_YEARS,
    }
    return render(request, "accounts/delete_account.html", context, status=status)


@require_POST
@login_required
def keep_account(request: PersonRequest) -> HttpResponse:
    """Cancel the deletion from the page."""
    if deletions.cancel_deletion(user=request.user):
        messages.success(request, _("Your account will not be deleted."))
    return redirect("your-data")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def keep_by_link(request: VisitorRequest, token: str) -> HttpResponse:
    """Cancel the deletion by the emailed link, also for someone locked out of an account that somebody else wants gone.

    The link's signature is the proof; all it can do is keep everything as it is.
    """
    deletion = deletions.read_keep_link(token)
    is_done = request.method == "POST" and deletions.cancel_deletion(user=deletion.user)
    return render(request, "accounts/cancel_deletion.html", {"is_done": is_done, "deletion": deletion})
