"""What the page of a chapter hands to the editor in the browser: its words and addresses, and pictures of the text."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, storage
from common.error_pages import answers_json
from common.errors import NotFound
from common.limits import limited
from conversion import selectors as conversion_selectors
from conversion.errors import ChapterNotFound
from publishing import permissions
from publishing.editing.editor_words import editor_words
from publishing.editing.errors import ChapterInvalid
from publishing.editing.forms import PICTURE_TYPES, PictureForm
from publishing.editing.models import Picture
from publishing.editing.selectors import chapters
from publishing.editing.services import pictures
from publishing.models import Work
from publishing.services import covers
from publishing.views.files import NO_ACTION
from publishing.views.loading import load_edition, load_work

_PICTURE_TYPES = {"jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml"}
_SMALL_PX = 480  # the smallest width that the engine draws of a page
_ANY = "asset"  # stands for a picture's hash in an address


def editor_data(user: User, work: Work, chapter_id: str) -> dict[str, Any]:
    """Return what `static/js/editor` reads from the page. Who may only suggest puts no pictures in."""
    is_suggesting = not permissions.may_edit_text(user, work)
    return {
        "person": str(user.public_id),
        "work": str(work.public_id),
        "chapter": chapter_id,
        "language": work.language,
        "pictures": reverse("work-text-picture", args=[work.public_id, _ANY]).replace(f"/{_ANY}/", "/{asset}/"),
        "putPicture": "" if is_suggesting else reverse("work-text-put-picture", args=[work.public_id, chapter_id]),
        "pictureTypes": PICTURE_TYPES,
        "words": editor_words(is_suggesting=is_suggesting),
    }


@never_cache
@require_GET
def picture(request: VisitorRequest, public_id: str, asset: str) -> HttpResponse:
    """Send a picture of the text, by its hash: one of the book as it was made, or one that was put in; a smaller one of
    a drawn page with `?size=small`. Raises NotFound."""
    edition = load_edition(request, public_id, permissions.require_work_on_text)
    own = Picture.objects.filter(work=edition.work, sha256=asset).first()
    if own is not None and (media_type := covers.browser_type(own.file)):
        with storage.private().open(own.file) as stored:
            return HttpResponse(stored.read(), content_type=media_type, headers=NO_ACTION)
    names = {f"{asset}.{ending}": media_type for ending, media_type in _PICTURE_TYPES.items()}
    if request.GET.get("size") == "small":
        names = {f"{asset[:40]}-{_SMALL_PX}.webp": "image/webp"} | names
    for job in filter(None, (edition.job, edition.checked_job)):
        for name, media_type in names.items():
            try:
                content = conversion_selectors.web_member(job, f"assets/{name}")
            except ChapterNotFound:
                continue
            return HttpResponse(content, content_type=media_type, headers=NO_ACTION)
    raise NotFound


@never_cache
@answers_json
@limited("text")
@require_POST
def put_picture(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    """Put an uploaded picture in place of one, or after a block; answer the chapter as it is then."""
    work = load_work(request, public_id, permissions.require_edit_text)
    if not isinstance(request.user, User):  # the permission check lets nobody else pass
        raise NotFound
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        message = next(iter(form.errors.values()))[0]
        return JsonResponse({"code": "form", "message": message}, status=422)
    upload = form.cleaned_data["picture"]
    try:
        text = pictures.put_picture(
            actor=request.user,
            work=work,
            chapter_id=chapter_id,
            block=request.POST.get("block", ""),
            content=upload,
            name=upload.name,
            at=clock.now(),
            is_new=request.POST.get("place") == "after",
        )
    except ChapterInvalid as error:
        refused = {"code": error.code, "rule": error.facts["rule"], "block": error.block, "message": error.text}
        return JsonResponse(refused, status=error.status)
    return JsonResponse({"revision": text.revision, "document": chapters.chapter_document(text, chapter_id)})
