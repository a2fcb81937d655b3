"""The page of remarks: findings of the checks, automatic fixes, and overrides of blocking findings."""

from __future__ import annotations

import re
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
from common.limits import limited
from conversion import localized_messages, rules
from conversion.engine.api import Change, Severity
from conversion.models import ConversionJob, JobResult, JobState
from conversion.selectors import ReadableFinding
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import OverrideForm
from publishing.models import Edition, Work
from publishing.selectors import Blocker
from publishing.views.labels import severity_words, target_name
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import proof_context
from publishing.views.tabs import Tab

_SHOWN_OF_A_CODE = 4
_SHOWN_IN_THE_TEXT = 12
_ANSWERED_ON_THE_FORM = tuple(
    f"metadata.{field}" for field in ("title", "subtitle", "language", "description", "subjects")
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")


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
    """An active fix: its title, how many places it changed, and some of the changes."""

    code: str
    title: str
    count: int
    changes: list[Change]


@never_cache
@require_GET
def remarks(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show all remarks, by severity or by chapter (`?by=chapter`)."""
    edition = load_edition(request, public_id, permissions.require_see)
    return _page(request, edition, OverrideForm())


@login_required
@require_POST
@limited("make")
def fix(request: PersonRequest, public_id: str, code: str) -> HttpResponse:
    """Start fixing all findings of a code, or stop fixing them (`undo` in the form)."""
    work = load_work(request, public_id, permissions.require_edit)
    if "undo" in request.POST:
        publishing_services.undo_fix(actor=request.user, work=work, code=code, at=clock.now())
        messages.success(request, _("Fix undone. These places stay as you wrote them. We are making the files again."))
    else:
        _accept(request, work, [code])
    return redirect("work-remarks", public_id)


@login_required
@require_POST
@limited("make")
def fixes(request: PersonRequest, public_id: str) -> HttpResponse:
    """Start fixing the selected codes (`code`, several times) in one run, or all fixable codes (`all`)."""
    edition = load_edition(request, public_id, permissions.require_edit)
    codes = _fixable(edition, _findings(edition)) if "all" in request.POST else request.POST.getlist("code")
    if codes:
        _accept(request, edition.work, codes)
    else:
        messages.warning(request, _("Nothing is selected. Select the remarks to fix, or choose “Fix all”."))
    return redirect("work-remarks", public_id)


def _accept(request: PersonRequest, work: Work, codes: list[str]) -> None:
    publishing_services.accept_fixes(actor=request.user, work=work, codes=codes, at=clock.now())
    messages.success(request, _("We are fixing this. Every change will be listed here, and you can undo it."))


def _findings(edition: Edition) -> list[ReadableFinding]:
    if edition.job.state == JobState.DONE:
        return selectors.remarks_of(edition)
    return selectors.remarks_being_rechecked(edition)


def _fixable(edition: Edition, findings: list[ReadableFinding]) -> list[str]:
    """Return the codes of the findings that the engine can fix and does not fix yet."""
    return sorted({one.code for one in findings if rules.can_fix(one.code)}.difference(edition.work.fixes))


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
    findings = _findings(edition)
    places = _places(edition, findings) if is_done else [FindingPlace(finding, "", "") for finding in findings]
    context = proof_context(request.user, edition, "work-remarks") | {
        "tabs": _tabs(edition.work, by_chapter=by_chapter),
        "by_chapter": by_chapter,
        "gates": _gates(edition, places, form, refused) if is_done else [],
        "sections": _by_chapter(places, edition) if by_chapter else _by_severity(places, edition, is_done=is_done),
        "is_rechecked": bool(findings) and not is_done,
        "fixable": _fixable(edition, findings) if permissions.may_edit(request.user, edition.work) else [],
        "count": len(findings),
        "fixed": _fixed(edition),
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


def _gates(edition: Edition, places: list[FindingPlace], form: OverrideForm, refused: str) -> list[BlockingFinding]:
    section = Section("", "")
    for place in places:
        if place.finding.severity == Severity.BLOCKER:
            _add(section, place, edition)
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


def _by_severity(places: list[FindingPlace], edition: Edition, *, is_done: bool) -> list[Section]:
    """Group the places by severity.

    Blocking findings are shown above, with their overrides, so they are left out here, except while they are rechecked
    and cannot be overridden.
    """
    words = severity_words()
    sections = {severity: Section(severity, word) for severity, (word, _chip) in words.items()}
    for place in places:
        if not is_done or place.finding.severity != Severity.BLOCKER:
            _add(sections[place.finding.severity], place, edition)
    return [section for section in sections.values() if section.codes]


def _by_chapter(places: list[FindingPlace], edition: Edition) -> list[Section]:
    """Group the places by chapter, in the book's order; places outside chapters come first."""
    titles = ["", *(chapter.title for chapter in _run(edition).result.chapters)]
    sections = {title: Section("", title or _("The whole book")) for title in titles}
    for place in places:
        title = place.finding.chapter
        _add(sections.setdefault(title, Section("", title)), place, edition)
    return [section for section in sections.values() if section.codes]


def _run(edition: Edition) -> ConversionJob:
    """Return the run whose findings the page shows."""
    if edition.job.state == JobState.DONE or edition.checked_job is None:
        return edition.job
    return edition.checked_job


def _add(section: Section, place: FindingPlace, edition: Edition) -> None:
    finding = place.finding
    remark = next((one for one in section.codes if one.code == finding.code), None)
    if remark is None:
        can_fix = rules.can_fix(finding.code) and finding.code not in edition.work.fixes
        page = _answering_page(finding.code, edition)
        remark = FindingGroup(finding.code, finding.title, finding.advice, can_fix, page)
        section.codes.append(remark)
    remark.add(place)


def _answering_page(code: str, edition: Edition) -> str:
    """Return the URL of the form where the author can enter what a finding misses, or ""."""
    details = reverse("work-details", args=[edition.work.public_id])
    if code.startswith("cover."):
        return f"{details}#cover-title"
    return details if code.startswith(_ANSWERED_ON_THE_FORM) else ""


def _fixed(edition: Edition) -> list[ActiveFix]:
    """Return the fixes that the author has accepted, with the changes they made in the last finished run."""
    result = edition.job.result if edition.job.state == JobState.DONE else JobResult()
    return [
        ActiveFix(
            code=code,
            # The counts in brackets are dropped, because the page shows the number of fixed places.
            title=_IN_BRACKETS.sub("", localized_messages.explain(code, {}).title),
            count=result.changed.get(code, 0),
            changes=[change for change in result.changes if change.code == code],
        )
        for code in edition.work.fixes
    ]
