"""Pages of a book's reviews and of a single review with its actions, decisions and appeals, and one's standing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.page_cache import public_page
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import NotFound
from common.limits import limited
from common.same_origin import ForeignRequest, is_same_origin
from storefront.catalogue.selectors import book as book_selectors
from storefront.community import permissions, reportables
from storefront.community.forms import AppealForm, FlagForm, ReplyForm
from storefront.community.models import FlagRule, Review, ReviewFlag
from storefront.community.report_forms import ObjectionForm, RemedyForm
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors import collapses as collapse_selectors
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors.reviews import ReviewFilters
from storefront.community.services import collapses, moderation, remedies, replies, reply_flags, review_flags
from storefront.community.services import helpful_votes as votes
from storefront.library.views import versions


def _for_people(view: Callable[[PersonRequest, str], HttpResponse]) -> Callable[[VisitorRequest, str], HttpResponse]:
    """Require a log-in like `login_required`, but return to the review's page afterwards: these URLs only accept
    POST."""

    @wraps(view)
    def inner(request: VisitorRequest, review_id: str) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(reverse("community:review-page", args=[review_id]))
        return view(cast("PersonRequest", request), review_id)

    return inner


@require_safe
@public_page(etag=versions.of_book)
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """List a book's reviews, filtered by stars and sorted; each state has its own URL."""
    listing = book_selectors.book_listing(slug)
    if listing is None:
        raise Http404
    asked = [request.GET.get(name, "")[:24] for name in ("stars", "sort", "after")]
    found = review_selectors.reviews_page(listing, ReviewFilters.of(*asked))
    return render(request, "community/reviews.html", {"page": found, "sorts": review_selectors.SORTS})


@never_cache
@require_GET
def review(request: VisitorRequest, review_id: str) -> HttpResponse:
    """Show one review to anyone; for people who are logged in, with the actions they may take."""
    return _page(request, review_id)


@csrf_exempt  # book pages are cached and carry no token; checked by origin, as for adding to the cart
@never_cache
@require_POST
def helpful(request: VisitorRequest, review_id: str) -> HttpResponse:
    """Mark a review as helpful, or undo that."""
    if not is_same_origin(request):
        raise ForeignRequest
    limits.consume(request, "vote")
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("community:review-page", args=[review_id]))
    act = votes.take_back if request.POST.get("act") == "undo" else votes.mark_helpful
    act(actor=request.user, review=_seen(request.user, review_id), at=clock.now())
    return redirect("community:review-page", review_id)


@_for_people
@require_POST
@limited("flag")
def flag(request: PersonRequest, review_id: str) -> HttpResponse:
    """Flag a review, or withdraw the flag."""
    return _flag(request, review_id, review_flags.check_flag, review_flags.flag_review, review_flags.take_back_flag)


@_for_people
@require_POST
@limited("vote")
def vouch(request: PersonRequest, review_id: str) -> HttpResponse:
    """Vouch for a collapsed review."""
    review_flags.vouch(actor=request.user, review=_seen(request.user, review_id), at=clock.now())
    messages.success(request, _("You have vouched for this review."))
    return redirect("community:review-page", review_id)


@_for_people
@require_POST
@limited("review")
def reply(request: PersonRequest, review_id: str) -> HttpResponse:
    """Reply as an author of the book, change the reply, or remove it."""
    found = _seen(request.user, review_id)
    if request.POST.get("act") == "remove":
        replies.remove_reply(actor=request.user, review=found)
        messages.success(request, _("The reply has been removed."))
        return redirect("community:review-page", review_id)
    replies.check_reply(request.user, found)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, review_id, reply_form=form)
    replies.write_reply(actor=request.user, review=found, body=form.cleaned_data["body"], at=clock.now())
    return redirect("community:review-page", review_id)


@_for_people
@require_POST
@limited("flag")
def flag_reply(request: PersonRequest, review_id: str) -> HttpResponse:
    """Flag the reply below a review, or withdraw the flag."""
    doing = reply_flags.check_flag, reply_flags.flag_reply, reply_flags.take_back_flag
    return _flag(request, review_id, *doing, prefix="reply")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: PersonRequest, case_id: str) -> HttpResponse:
    """Show the decision on the person's review, reply, book or shelf, its rule and reason; accept an appeal."""
    found = case_selectors.case_of(case_id)
    if not permissions.may_see_case(request.user, found):
        raise NotFound
    mend_form = RemedyForm(request.POST if "mended" in request.POST else None)
    if mend_form.is_valid():
        remedies.send(actor=request.user, case=found, text=mend_form.cleaned_data["mended"], at=clock.now())
        messages.success(request, _("Thank you. A moderator will look at it, and we will email you."))
        return redirect("community:review-case", case_id)
    answer_form = ObjectionForm(request.POST if "objection" in request.POST else None)
    if answer_form.is_valid():
        collapses.answer(actor=request.user, case=found, text=answer_form.cleaned_data["objection"], at=clock.now())
        messages.success(request, _("Thank you. The moderator reads it with the flags, and we will email you."))
        return redirect("community:review-case", case_id)
    is_appeal = request.method == "POST" and not {"mended", "objection"} & request.POST.keys()
    form = AppealForm(request.POST if is_appeal else None)
    if request.method == "POST" and form.is_valid():
        moderation.appeal(actor=request.user, case=found, text=form.cleaned_data["text"], at=clock.now())
        messages.success(request, _("We have received your appeal. Someone else will decide, and we will email you."))
        return redirect("community:review-case", case_id)
    collapse = collapse_selectors.newest_of(found)
    context: dict[str, Any] = {
        "case": found,
        "form": form,
        "mend_form": mend_form if permissions.may_mend(request.user, found) else None,
        "stop": case_selectors.stop_of(found),
        "collapse": collapse,
        "collapse_rows": collapse_selectors.statement_of(collapse) if collapse is not None else [],
        "answer_form": answer_form if collapse_selectors.answerable(found) else None,
        "may_appeal": permissions.may_appeal(request.user, found, clock.now()),
        "until": permissions.may_appeal_until(found),
    }
    if found.reported:
        kind = reportables.kind_of(found.reported)
        context |= {"heading": reportables.heading_of(found), "effects": reportables.effects_of(found)}
        if kind is not None:
            thing_heading = str(kind.words.page_title) % {"title": found.name}
            context |= {"thing": kind.find(found.thing_id), "thing_heading": thing_heading}
    template = "community/owner_case.html" if found.reported else "community/writer_case.html"
    return render(
        request, template, context, status=422 if form.errors or mend_form.errors or answer_form.errors else 200
    )


def _flag(
    request: PersonRequest,
    review_id: str,
    check: Callable[[User, Review], None],
    put: Callable[..., ReviewFlag],
    take_back: Callable[..., None],
    *,
    prefix: str | None = None,
) -> HttpResponse:
    """Flag a review or its reply with the given services, or withdraw the flag. `prefix` is the form's prefix."""
    found = _seen(request.user, review_id)
    if request.POST.get("act") == "undo":
        take_back(actor=request.user, review=found)
        messages.success(request, _("Your flag has been withdrawn."))
        return redirect("community:review-page", review_id)
    check(request.user, found)
    form = FlagForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _page(request, review_id, flag_form=form)
    rule, note = FlagRule(form.cleaned_data["rule"]), form.cleaned_data["note"]
    made = put(actor=request.user, review=found, rule=rule, note=note, at=clock.now())
    messages.success(
        request, _("Your flag counts.") if made.weight else _("The moderators will see it. Thank you for telling us.")
    )
    return redirect("community:review-page", review_id)


def _seen(user: User, review_id: str) -> Review:
    """Return the review. Raises NotFound if the person may not see it."""
    found = review_selectors.review_of(review_id)
    if not permissions.may_see_review(user, found):
        raise NotFound
    return found


def _page(
    request: VisitorRequest | PersonRequest,
    review_id: str,
    *,
    flag_form: FlagForm | None = None,
    reply_form: ReplyForm | None = None,
) -> HttpResponse:
    """Render the review's page. `flag_form` is the submitted form: for the reply if it has a prefix, else for the
    review."""
    is_of_reply = flag_form is not None and flag_form.prefix is not None
    page = review_selectors.review_page(user=request.user, review_id=review_id)
    mine = getattr(page.review, "reply", None)
    context = {
        "page": page,
        "flag_form": flag_form if flag_form and not is_of_reply else FlagForm(),
        "reply_flag_form": flag_form if is_of_reply else FlagForm(prefix="reply"),
        "reply_form": reply_form or ReplyForm(initial={"body": mine.body if mine else ""}),
    }
    status = 422 if flag_form or reply_form else 200
    return render(request, "community/review_page.html", context, status=status)
