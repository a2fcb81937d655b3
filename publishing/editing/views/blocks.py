"""The form of one block: its text, kind and attributes, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from conversion.engine.api import editing
from publishing import permissions
from publishing.editing import document_edits, selectors, table_edits
from publishing.editing.errors import SaveConflict
from publishing.editing.forms import EXTRA_FORMS, BlockForm, PictureForm
from publishing.editing.plain_text import code_from_plain, from_plain, to_plain
from publishing.editing.selectors import suggestions
from publishing.editing.services import chapter_changes, pictures, suggesting
from publishing.editing.table_edits import TABLE_ACTIONS
from publishing.editing.views.contexts import load_text_page, text_context
from publishing.editing.views.shown import kind_labels, markup_of
from publishing.models import Edition

type Json = dict[str, Any]

_MAX_TITLE = 300


def _changed_table(action: str) -> Callable[[Json, str, Json], Json]:
    return lambda document, block, given: table_edits.changed_table(document, block, action, **given)


_INSERTS = {"insert_paragraph": "paragraph", "insert_heading": "heading", "insert_scene_break": "scene_break"}
_MARK_KINDS = frozenset({"paragraph", "heading", "line", "term", "caption"})  # whose words may have marks
_WHOLE = {"remove": document_edits.without, "join": document_edits.joined, "unwrap": document_edits.unwrapped}
_ASKING: dict[str, Callable[[Json, str, Json], Json]] = {
    **{name: _changed_table(name) for name in TABLE_ACTIONS},
    "insert_table": lambda document, block, given: table_edits.with_table_after(document, block, **given),
    "caption": lambda document, block, given: table_edits.with_caption(document, block, [given["caption"]]),
    "language": lambda document, block, given: document_edits.with_language(
        document, block, given["words"], given["language"].strip("-")
    ),
}
_KINDS = {"to_heading": "heading", "to_paragraph": "paragraph", "to_quotation": "quotation"}


@login_required
@never_cache
@limited("text")
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: PersonRequest, public_id: str, chapter_id: str, block_id: str) -> HttpResponse:
    """Show the form of a block, and save it."""
    edition = load_text_page(request, public_id)
    permissions.require_suggest(request.user, edition.work)
    document = suggestions.chapter_for(request.user, selectors.require_text(edition.work), chapter_id)
    found = document_edits.find(document, block_id).block
    action = request.POST.get("action", "")
    form = BlockForm(found, request.POST if action == "save" else None)
    if not permissions.may_edit_text(request.user, edition.work):
        form.ask_for_reason()
    extra = EXTRA_FORMS[action](request.POST, request.FILES) if action in EXTRA_FORMS else None
    bound: Form = extra if extra is not None else form
    if request.method != "POST" or (bound.is_bound and not bound.is_valid()):
        return _page(request, edition, document, found, form, extra=extra)
    return _change(request, edition, document, found, bound)


def _change(request: PersonRequest, edition: Edition, document: Json, found: Json, form: Form) -> HttpResponse:
    chapter_id, action = document["chapter"], request.POST.get("action", "")
    if action != "save":  # a suggestion is about words; whole blocks are changed by who decides
        permissions.require_edit_text(request.user, edition.work)
    chapter_page = reverse("work-text-chapter", args=[edition.work.public_id, chapter_id])
    try:
        if action == "new_chapter":
            change = editing.SplitChapter(chapter_id, found["id"], _title_of(found))
            chapter_changes.change_chapters(actor=request.user, work=edition.work, change=change, at=clock.now())
            messages.success(request, _("A new chapter begins here now."))
            return redirect("work-text", edition.work.public_id)
        if isinstance(form, PictureForm):
            _put_picture(request, edition, document, found, form)
            return redirect(f"{chapter_page}#block-{found['id']}")
        wanted = _wanted(document, found, form, action)
        saved = suggesting.save_or_suggest(
            actor=request.user,
            work=edition.work,
            chapter_id=chapter_id,
            document=wanted,
            revision=_revision(request, document),
            at=clock.now(),
            reason=form.reason if isinstance(form, BlockForm) else "",
        )
    except SaveConflict as conflict:
        theirs: list[Any] = next((one["theirs"] for one in conflict.conflicts if one["block"] == found["id"]), [])
        fresh = document | {"revision": conflict.revision}
        return _page(request, edition, fresh, found, _own(form, found), refusal=conflict, theirs=theirs)
    except DomainError as error:
        return _page(request, edition, document, found, _own(form, found), extra=form, refusal=error)
    if permissions.may_edit_text(request.user, edition.work):
        messages.success(request, _("Saved. You can undo this on the page of corrections."))
    elif saved.suggested:
        messages.success(request, _("Suggested. The author sees it at its place and decides."))
    else:
        messages.info(request, _("Nothing was changed, so nothing is suggested."))
    return redirect(
        _next_page(edition, document, saved.document, found["id"], action) or f"{chapter_page}#block-{found['id']}"
    )


def _own(form: Form, found: Json) -> BlockForm:
    return form if isinstance(form, BlockForm) else BlockForm(found)


def _put_picture(request: PersonRequest, edition: Edition, document: Json, found: Json, form: PictureForm) -> None:
    upload = form.cleaned_data["picture"]
    pictures.put_picture(
        actor=request.user,
        work=edition.work,
        chapter_id=document["chapter"],
        block=found["id"],
        content=upload,
        name=upload.name,
        at=clock.now(),
        is_new=request.POST.get("action") == "insert_picture",
    )
    messages.success(request, _("Saved. You can undo this on the page of corrections."))


def _wanted(document: Json, found: Json, form: Form, action: str) -> Json:
    """Return the document as the form wants it. Raises BlockGone, TextInvalid and what else changes refuse."""
    block_id, given = found["id"], form.cleaned_data if form.is_bound else {}
    if action in _ASKING:
        return _ASKING[action](document, block_id, given)
    if action in _WHOLE:
        return _WHOLE[action](document, block_id)
    if action in _KINDS:
        return document_edits.with_kind(document, block_id, _KINDS[action])
    if action in _INSERTS:
        return document_edits.with_block_after(document, block_id, _INSERTS[action])
    if not isinstance(form, BlockForm) or not form.is_bound:
        return document
    changed = document_edits.with_attributes(document, block_id, form.attributes)
    if "text" in found:
        typed = form.cleaned_data["text"]
        parts = code_from_plain(typed) if found["kind"] == "code" else from_plain(found["text"], typed)
        changed = document_edits.with_text(changed, block_id, parts)
    return changed


def _title_of(found: Json) -> str:
    """Return the title of a chapter that begins with a block: that of a heading, else one to be changed."""
    words = to_plain(found["text"]) if found["kind"] == "heading" else ""
    return " ".join(words.split())[:_MAX_TITLE] or _("New chapter")


def _next_page(edition: Edition, before: Json, after: Json | None, block_id: str, action: str) -> str:
    """Return the form of the block that was put in after this one, to fill it in; "" where none was."""
    if _INSERTS.get(action) not in {"paragraph", "heading"} or after is None:
        return ""
    siblings, place = document_edits.find(after, block_id)
    new = siblings[place + 1]["id"] if place + 1 < len(siblings) else block_id
    return reverse("work-text-block", args=[edition.work.public_id, before["chapter"], new])


def _revision(request: PersonRequest, document: Json) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else int(document["revision"])


def _page(
    request: PersonRequest,
    edition: Edition,
    document: Json,
    found: Json,
    form: BlockForm,
    *,
    extra: Form | None = None,
    refusal: DomainError | None = None,
    theirs: list[Any] | None = None,
) -> HttpResponse:
    may_edit_text = permissions.may_edit_text(request.user, edition.work)
    context = text_context(request, edition) | {
        "document": document,
        "block": found,
        "label": kind_labels().get(found["kind"], found["kind"]),
        "title": document["attributes"].get("title") or _("Untitled chapter"),
        "form": form,
        "revision": document["revision"],
        "actions": _actions(document, found) if may_edit_text else [],
        "sections": _sections(document, found, extra, request.POST.get("action", "")) if may_edit_text else [],
        "refusal": refusal.text if refusal is not None else "",
        "theirs": markup_of(theirs, document["objects"]) if theirs else "",
    }
    has_errors = bool(form.errors or (extra is not None and extra.errors))
    status = refusal.status if refusal is not None else 422 if has_errors else 200
    return render(request, "publishing/editing/block.html", context, status=status)


def _actions(document: Json, found: Json) -> list[tuple[str, str]]:
    """Return the changes of the whole block that its kind allows, as names and labels."""
    kind, names = found["kind"], []
    if kind == "paragraph":
        names += [("to_heading", _("Turn into a heading")), ("to_quotation", _("Turn into a quotation"))]
    if kind == "heading":
        names.append(("to_paragraph", _("Turn into a paragraph")))
    if kind == "quotation":
        names.append(("unwrap", _("Turn into paragraphs")))
    if document_edits.may_join(document, found["id"]):
        names.append(("join", _("Join with the next paragraph")))
    if kind in {"paragraph", "heading", "scene_break", "figure", "quotation", "list", "table", "verse", "code"}:
        names += [
            ("insert_paragraph", _("Insert a paragraph after this")),
            ("insert_heading", _("Insert a heading after this")),
            ("insert_scene_break", _("Insert a scene break after this")),
            ("remove", _("Remove")),
        ]
    if any(one["id"] == found["id"] for one in document["blocks"][1:]):
        names.append(("new_chapter", _("Begin a new chapter here")))
    return names


@dataclass(frozen=True, slots=True)
class Section:
    """A form of its own on a block's page: what it changes, and its buttons as names and labels."""

    title: str
    form: Form
    buttons: list[tuple[str, str]]
    is_open: bool = False


def _sections(document: Json, found: Json, extra: Form | None, action: str) -> list[Section]:
    """Return the forms for what is not the block's own text."""
    kind, made = found["kind"], []
    is_own = any(one["id"] == found["id"] for one in document["blocks"])
    if kind == "table":
        made.append((_("Rows, columns and header cells"), "row_after", _table_buttons()))
    if kind == "figure":
        made.append((_("Replace the picture"), "picture", [("picture", _("Replace"))]))
    if table_edits.may_have_caption(found):
        made.append((_("Add a caption"), "caption", [("caption", _("Add"))]))
    if kind in _MARK_KINDS:
        made.append((_("Words in another language"), "language", [("language", _("Apply"))]))
    if is_own:
        made.append((_("Insert a table after this"), "insert_table", [("insert_table", _("Insert"))]))
        made.append((_("Insert a picture after this"), "insert_picture", [("insert_picture", _("Insert"))]))
    sections = []
    for title, name, buttons in made:
        is_open = extra is not None and any(one == action for one, _label in buttons)
        form = extra if is_open and extra is not None else EXTRA_FORMS[name](auto_id=f"{name}_%s")
        sections.append(Section(title, form, buttons, is_open))
    return sections


def _table_buttons() -> list[tuple[str, str]]:
    return [
        ("row_after", _("Insert a row after this one")),
        ("column_after", _("Insert a column after this one")),
        ("header", _("Turn the cell into a header, or back")),
        ("remove_row", _("Remove the row")),
        ("remove_column", _("Remove the column")),
    ]
