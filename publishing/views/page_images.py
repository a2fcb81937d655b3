"""The contact sheet of the proof: page images of every PDF with findings framed, and a view of a single page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import VisitorRequest
from common.errors import NotFound
from conversion import proof_archives
from conversion import selectors as conversion_selectors
from conversion.models import Artifact
from conversion.proof_archives import PageFault, ProofPage, ProofSheet
from conversion.selectors import LaterState
from publishing import permissions, selectors
from publishing.models import Edition, Work
from publishing.selectors import Comparison
from publishing.views.labels import severity_words, target_name
from publishing.views.loading import load_edition
from publishing.views.staff_access import record_staff_access
from publishing.views.steps import page_context, proof_context
from publishing.views.tabs import Tab


@dataclass(frozen=True, slots=True)
class Box:
    """The frame around a finding, slightly larger than its area; `number` is its number in the list beside the page."""

    number: int
    severity: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageFinding:
    """The findings of one kind on a page: what they are, what to do, and the number and quoted text of each."""

    code: str
    severity: str
    word: str
    title: str
    advice: str
    places: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PageCard:
    """A page image on the sheet; `remarks` is the number of findings, in words."""

    page: ProofPage
    href: str
    picture: str
    alt: str
    boxes: list[Box]
    remarks: str


@dataclass(frozen=True, slots=True)
class ChapterPages:
    title: str
    cards: list[PageCard]


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """The corresponding page of the upload or edition that the one shown is compared with, and the captions of both."""

    card: PageCard
    caption: str
    shown_caption: str


_FIRST_PAGES = 6
_ALT_CHARACTERS = 90
_MARGIN = 8  # tenths of a millimetre around a finding's area


@never_cache
@require_GET
def sheet(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show all page images of one target by chapter; `?target=` and `?only=remarks` filter them."""
    edition = load_edition(request, public_id, permissions.require_see)
    archives = proof_archives.proofs_of(edition.job)
    later = conversion_selectors.later_files(edition.job)
    context = proof_context(request.user, edition, "work-sheet") | {"is_coming": later.state == LaterState.MAKING}
    if archives:
        target = request.GET.get("target", "")
        target = target if target in archives else next(iter(archives))
        only_remarks = request.GET.get("only") == "remarks"
        context |= _sheet_context(edition.work, archives, target, only_remarks=only_remarks)
    return render(request, "publishing/sheet.html", context)


@never_cache
@require_GET
def page(request: VisitorRequest, public_id: str, target: str, number: int) -> HttpResponse:
    """Show one large page image with its findings.

    The first page of a chapter is shown next to that of the previous upload or edition.
    """
    edition = load_edition(request, public_id, permissions.require_see)
    archive = proof_archives.proofs_of(edition.job).get(target)
    if archive is None:
        raise NotFound
    whole = proof_archives.proof_sheet(archive)
    shown = whole.page(number)
    position = whole.pages.index(shown)
    context = page_context(request.user, edition, "work-proof") | {
        "sheet": whole,
        "target_label": target_name(target),
        "card": _card(edition.work, whole, shown),
        "remarks": _remarks(shown.faults),
        "before": _address(edition.work, target, whole.pages[position - 1]) if position else "",
        "after": _address(edition.work, target, whole.pages[position + 1]) if shown is not whole.pages[-1] else "",
        "earlier": _earlier(edition, target, shown),
    }
    return render(request, "publishing/sheet_page.html", context)


@require_GET
def picture(request: VisitorRequest, public_id: str, artifact_id: str, name: str) -> HttpResponse:
    """Send a picture of a proof or preview archive. An archive never changes, so browsers may cache it forever."""
    work = selectors.work_by_public_id(public_id)
    permissions.require_see(request.user, work)
    if not permissions.is_maker(request.user, work):
        record_staff_access(request, work)
    jobs = {work.preview_job_id, *chain.from_iterable(work.editions.values_list("job", "job_before"))} - {None}
    archive = Artifact.objects.filter(public_id=artifact_id, job__in=jobs, kind__in=("proof", "preview")).first()
    if archive is None:
        raise NotFound
    content, media_type = proof_archives.picture(archive, name)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)


def first_pages(edition: Edition) -> list[PageCard]:
    """Return a few page images of the first available target."""
    archive = next(iter(proof_archives.proofs_of(edition.job).values()), None)
    if archive is None:
        return []
    whole = proof_archives.proof_sheet(archive)
    return [_card(edition.work, whole, one) for one in whole.pages[:_FIRST_PAGES]]


def _sheet_context(work: Work, archives: dict[str, Artifact], target: str, *, only_remarks: bool) -> dict[str, Any]:
    whole = proof_archives.proof_sheet(archives[target])
    pages = [one for one in whole.pages if one.faults or not only_remarks]
    words = severity_words()
    seen = {fault.severity for one in pages for fault in one.faults}
    return {
        "sheet": whole,
        "target_tabs": _target_tabs(archives, target, only_remarks=only_remarks),
        "page_tabs": _page_tabs(whole, only_remarks=only_remarks),
        "chapters": _by_chapter(work, whole, pages),
        "legend": [(severity, word) for severity, (word, _chip) in words.items() if severity in seen],
    }


def _target_tabs(archives: dict[str, Artifact], target: str, *, only_remarks: bool) -> list[Tab]:
    only = "&only=remarks" if only_remarks else ""
    return [Tab(target_name(name), f"?target={name}{only}", name == target) for name in archives]


def _page_tabs(whole: ProofSheet, *, only_remarks: bool) -> list[Tab]:
    href = f"?target={whole.target}"
    tabs = [Tab(_("All page images"), href, not only_remarks)]
    count = sum(bool(one.faults) for one in whole.pages)
    if count or only_remarks:
        label = ngettext("%(count)s with remarks", "%(count)s with remarks", count) % {"count": count}
        tabs.append(Tab(label, f"{href}&only=remarks", only_remarks))
    return tabs


def _by_chapter(work: Work, whole: ProofSheet, pages: list[ProofPage]) -> list[ChapterPages]:
    """Group the pages by chapter, in order. The table of contents may continue over several pages."""
    groups: list[ChapterPages] = []
    contents = _("Contents")
    for one in pages:
        goes_on = bool(groups) and groups[-1].title == contents and not one.chapter
        title = contents if goes_on or "contents" in one.why else one.chapter or _("Before the first chapter")
        if not groups or groups[-1].title != title:
            groups.append(ChapterPages(title, []))
        groups[-1].cards.append(_card(work, whole, one))
    return groups


def _card(work: Work, whole: ProofSheet, shown: ProofPage) -> PageCard:
    count = len(shown.faults)
    remarks = ngettext("%(count)d remark", "%(count)d remarks", count) % {"count": count} if count else ""
    alt = Truncator(shown.text.replace("\n", " ")).chars(_ALT_CHARACTERS) or _("A page without text")
    return PageCard(
        page=shown,
        href=_address(work, whole.target, shown),
        picture=reverse("work-picture", args=[work.public_id, whole.artifact.public_id, shown.file]),
        alt=alt,
        boxes=_boxes(shown.faults),
        remarks=remarks,
    )


def _address(work: Work, target: str, shown: ProofPage) -> str:
    return reverse("work-sheet-page", args=[work.public_id, target, shown.number])


def _boxes(faults: tuple[PageFault, ...]) -> list[Box]:
    return [
        Box(
            number=number,
            severity=fault.severity,
            left=fault.left - _MARGIN,
            top=fault.top - _MARGIN,
            width=fault.width + 2 * _MARGIN,
            height=fault.height + 2 * _MARGIN,
        )
        for number, fault in enumerate(faults, 1)
    ]


def _remarks(faults: tuple[PageFault, ...]) -> list[PageFinding]:
    words = severity_words()
    found: dict[tuple[str, str], PageFinding] = {}
    for number, fault in enumerate(faults, 1):
        made = PageFinding(fault.code, fault.severity, words[fault.severity][0], fault.title, fault.advice, [])
        found.setdefault((fault.code, fault.title), made).places.append((number, fault.quote))
    return list(found.values())


def _earlier(edition: Edition, target: str, shown: ProofPage) -> ComparedPage | None:
    """Return the same chapter's first page in the previous upload or edition, or None."""
    if not {"opening", "title"} & set(shown.why):
        return None
    for comparison in selectors.comparisons_of(edition):
        archive = proof_archives.proofs_of(comparison.job).get(target)
        whole = proof_archives.proof_sheet(archive) if archive is not None else None
        found = whole.opening_of(shown.chapter) if whole and "opening" in shown.why else whole and whole.title_page
        if whole and found:
            card = _card(edition.work, whole, found)
            return ComparedPage(card, *_captions(edition, comparison, before=found.label, now=shown.label))
    return None


def _captions(edition: Edition, comparison: Comparison, *, before: str, now: str) -> tuple[str, str]:
    """Return the captions of the earlier page and of the one shown."""
    if comparison.name == "upload":
        earlier = _("Your previous upload, page %(label)s") % {"label": before}
        return earlier, _("Now, page %(label)s") % {"label": now}
    caption = _("Edition %(number)s, page %(label)s")
    earlier = caption % {"number": comparison.label, "label": before}
    return earlier, caption % {"number": edition.label, "label": now}
