"""The page of remarks: findings of the checks, what is fixed of them, and overrides of blocking findings."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from conversion import localized_messages, rules
from conversion.engine.api import Change, Severity
from conversion.models import ConversionJob, JobResult, JobState
from conversion.selectors import ReadableFinding
from publishing import hooks, permissions, selectors
from publishing import services as publishing_services
from publishing.forms import OverrideForm
from publishing.hooks import PlaceFixes
from publishing.models import Edition, Work
from publishing.passages.selectors import matches
from publishing.selectors import Blocker
from publishing.views.labels import severity_words, target_name
from publishing.views.loading import load_edition
from publishing.views.steps import proof_context
from publishing.views.tabs import Tab

_SHOWN_OF_A_CODE = 4
_SHOWN_IN_THE_TEXT = 12
_SHOWN_BOOKS = 5  # with the same passages
_ANSWERED_ON_THE_FORM = tuple(
    f"metadata.{field}" for field in ("title", "subtitle", "language", "description", "subjects")
)
_ABOUT_DESCRIPTIONS = ("image.alt-", "page.alt-")


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """Where a finding was made: the link to the page image that shows it, if there is one, and those to its places in
    the text."""

    finding: ReadableFinding
    page_href: str
    page_label: str
    text_hrefs: tuple[str, ...] = ()


@dataclass(slots=True)
class FindingGroup:
    """Findings of one code: the first places, and the rest, which are collapsed.

    `can_fix` offers the automatic fix, unless it is active already; `page` is the URL of the dashboard page where the
    finding can be resolved, or "".
    """

    code: str
    title: str
    advice: str
    can_fix: bool
    page: str
    is_about_descriptions: bool = False
    first: list[FindingPlace] = field(default_factory=list)
    rest: list[FindingPlace] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.first) + len(self.rest)

    def add(self, place: FindingPlace) -> None:
        (self.first if len(self.first) < _SHOWN_OF_A_CODE else self.rest).append(place)


@dataclass(frozen=True, slots=True)
class BlockingFinding:
    """A blocking code with its places and its override, if any, or the reason that was refused as an override."""

    blocker: Blocker
    remark: FindingGroup | None
    is_refused: bool
    reason: str


@dataclass(slots=True)
class Section:
    """The remarks of one severity or of one chapter."""

    key: str
    title: str
    codes: list[FindingGroup] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ActiveFix:
    """An active fix: its title, how many places it changed, and where they are listed; of one that is used as a whole,
    some of the changes instead."""

    code: str
    title: str
    count: int
    is_made: bool
    changes: list[Change] = field(default_factory=list)
    page: str = ""


@never_cache
@require_GET
def remarks(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show all remarks, by severity or by chapter (`?by=chapter`)."""
    edition = load_edition(request, public_id, permissions.require_see)
    return _page(request, edition, OverrideForm())


def _findings(edition: Edition) -> list[ReadableFinding]:
    if edition.job.state == JobState.DONE:
        return selectors.remarks_of(edition)
    return selectors.remarks_being_rechecked(edition)


def fixable_codes(edition: Edition) -> list[str]:
    """Return the codes of the remarks on the edition that can be fixed automatically and are not yet."""
    fixing = _Fixing(edition)
    return sorted({one.code for one in _findings(edition) if fixing.can_fix(one.code)})


class _Fixing:
    """What can be fixed of an edition, and what is."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._whole = frozenset(edition.work.fixes)
        self._places: PlaceFixes = hooks.place_fixes(edition.work)
        self._is_read = edition.job.state == JobState.DONE
        in_files = selectors.corrections_in_files(edition)
        self._is_made = self._is_read and in_files == hooks.corrections_digest(edition.work)

    def can_fix(self, code: str) -> bool:
        """Whether the fix is offered: it would change something, or nobody knows yet what it would change."""
        if not rules.can_fix(code) or code in self._whole:
            return False
        if rules.is_fixed_as_whole(code):
            return True
        return bool(self._places.proposed.get(code)) if self._places.is_ready else self._is_read

    def is_being_fixed(self, code: str) -> bool:
        """Whether all that can be fixed of these findings is, in files that are still to be made."""
        return bool(self._places.accepted.get(code)) and not self._is_made and not self.can_fix(code)

    def active(self) -> list[ActiveFix]:
        """Return the fixes in use: those of the corrections in the text, and those that are used as a whole."""
        work, result = self._edition.work, self._edition.job.result if self._is_read else JobResult()
        page = reverse("work-corrections", args=[work.public_id])
        places = [
            ActiveFix(code, localized_messages.kind_title(code), count, self._is_made, page=f"{page}?fix={code}")
            for code, count in sorted(self._places.accepted.items())
        ]
        whole = [
            ActiveFix(
                code,
                localized_messages.kind_title(code),
                result.changed.get(code, 0),
                self._is_read,
                [change for change in result.changes if change.code == code],
            )
            for code in work.fixes
        ]
        return places + whole


@login_required
@require_POST
def override(request: PersonRequest, public_id: str, code: str) -> HttpResponse:
    """Override a blocking finding, with a written reason, or withdraw the override (`undo`)."""
    edition = load_edition(request, public_id, permissions.require_publish)
    if "undo" in request.POST:
        publishing_services.withdraw_override(actor=request.user, edition=edition, code=code)
        messages.success(request, _("Decision withdrawn."))
        return redirect("work-remarks", public_id)
    form = OverrideForm(request.POST)
    if form.is_valid():
        publishing_services.override_finding(
            actor=request.user, edition=edition, code=code, reason=form.cleaned_data["reason"], at=clock.now()
        )
        messages.success(request, _("Reason saved with this edition."))
        return redirect("work-remarks", public_id)
    return _page(request, edition, form, refused=code)


def _page(
    request: VisitorRequest | PersonRequest, edition: Edition, form: OverrideForm, *, refused: str = ""
) -> HttpResponse:
    by_chapter = request.GET.get("by") == "chapter"
    is_done = edition.job.state == JobState.DONE
    fixing = _Fixing(edition)
    findings = [one for one in _findings(edition) if not fixing.is_being_fixed(one.code)]
    places = _places(edition, findings) if is_done else [FindingPlace(finding, "", "") for finding in findings]
    fixed = fixing.active()
    context = proof_context(request.user, edition, "work-remarks") | {
        "tabs": _tabs(edition.work, by_chapter=by_chapter),
        "by_chapter": by_chapter,
        "gates": _gates(edition, places, fixing, form, refused) if is_done else [],
        "sections": (
            _by_chapter(places, edition, fixing)
            if by_chapter
            else _by_severity(places, edition, fixing, is_done=is_done)
        ),
        "is_rechecked": bool(findings) and not is_done,
        "fixable": fixable_codes(edition) if permissions.may_edit(request.user, edition.work) else [],
        "count": len(findings),
        "copied": [matches.shown(row, edition.work) for row in matches.in_work(edition.work)[:_SHOWN_BOOKS]],
        "fixed": fixed,
        "is_waiting": not edition.job.is_finished or (is_done and any(not fix.is_made for fix in fixed)),
        "form": form,
    }
    return render(request, "publishing/remarks.html", context, status=422 if form.errors else 200)


def _tabs(work: Work, *, by_chapter: bool) -> list[Tab]:
    href = reverse("work-remarks", args=[work.public_id])
    return [Tab(_("By severity"), href, not by_chapter), Tab(_("By chapter"), f"{href}?by=chapter", by_chapter)]


def _places(edition: Edition, findings: list[ReadableFinding]) -> list[FindingPlace]:
    return [_place(edition, finding) for finding in findings]


def _place(edition: Edition, finding: ReadableFinding) -> FindingPlace:
    work_id = edition.work.public_id
    hrefs = tuple(reverse("work-text-at", args=[work_id, block]) for block in finding.blocks[:_SHOWN_IN_THE_TEXT])
    if finding.page is None:
        return FindingPlace(finding, "", "", hrefs)
    page = finding.page
    address = reverse("work-sheet-page", args=[work_id, page.target, page.number])
    label = _("Page %(number)s, %(target)s") % {"number": finding.page_label, "target": target_name(page.target)}
    return FindingPlace(finding, address, label, hrefs)


def _gates(
    edition: Edition, places: list[FindingPlace], fixing: _Fixing, form: OverrideForm, refused: str
) -> list[BlockingFinding]:
    section = Section("", "")
    for place in places:
        if place.finding.severity == Severity.BLOCKER:
            _add(section, place, edition, fixing)
    remarks = {remark.code: remark for remark in section.codes}
    reason = form["reason"].value() or ""
    return [
        BlockingFinding(
            blocker=blocker,
            remark=remarks.get(blocker.code),
            is_refused=blocker.code == refused,
            reason=reason if blocker.code == refused else "",
        )
        for blocker in selectors.blockers_of(edition)
    ]


def _by_severity(places: list[FindingPlace], edition: Edition, fixing: _Fixing, *, is_done: bool) -> list[Section]:
    """Group the places by severity.

    Blocking findings are shown above, with their overrides, so they are left out here, except while they are rechecked
    and cannot be overridden.
    """
    words = severity_words()
    sections = {severity: Section(severity, word) for severity, (word, _chip) in words.items()}
    for place in places:
        if not is_done or place.finding.severity != Severity.BLOCKER:
            _add(sections[place.finding.severity], place, edition, fixing)
    return [section for section in sections.values() if section.codes]


def _by_chapter(places: list[FindingPlace], edition: Edition, fixing: _Fixing) -> list[Section]:
    """Group the places by chapter, in the book's order; places outside chapters come first."""
    titles = ["", *(chapter.title for chapter in _run(edition).result.chapters)]
    sections = {title: Section("", title or _("The whole book")) for title in titles}
    for place in places:
        title = place.finding.chapter
        _add(sections.setdefault(title, Section("", title)), place, edition, fixing)
    return [section for section in sections.values() if section.codes]


def _run(edition: Edition) -> ConversionJob:
    """Return the run whose findings the page shows."""
    if edition.job.state == JobState.DONE or edition.checked_job is None:
        return edition.job
    return edition.checked_job


def _add(section: Section, place: FindingPlace, edition: Edition, fixing: _Fixing) -> None:
    finding = place.finding
    remark = next((one for one in section.codes if one.code == finding.code), None)
    if remark is None:
        page = _answering_page(finding.code, edition)
        can_fix = fixing.can_fix(finding.code)
        remark = FindingGroup(finding.code, finding.title, finding.advice, can_fix, page)
        remark.is_about_descriptions = finding.code.startswith(_ABOUT_DESCRIPTIONS)
        section.codes.append(remark)
    remark.add(place)


def _answering_page(code: str, edition: Edition) -> str:
    """Return the URL of the form where the author can enter what a finding misses, or ""."""
    details = reverse("work-details", args=[edition.work.public_id])
    if code.startswith("cover."):
        return f"{details}#cover-title"
    if code.startswith(_ABOUT_DESCRIPTIONS):
        return reverse("work-descriptions", args=[edition.work.public_id])
    return details if code.startswith(_ANSWERED_ON_THE_FORM) else ""
