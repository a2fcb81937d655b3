"""A conversion job as shown to its author: progress steps, files with their sizes, and grouped findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numerals import localized
from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind, Stage
from conversion.errors import ChapterNotFound
from conversion.models import Artifact, ConversionJob, JobState
from conversion.options import TARGETS
from conversion.rules import INCOMPLETE
from conversion.selectors import LaterFiles, LaterState, MadeFile, ReadableFinding, WebBook
from publishing import selectors
from publishing.models import Edition
from publishing.views.labels import severity_words
from publishing.views.page_images import first_pages

_SHOWN_GROUPS = 8
_EXCERPT_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the progress; `state` is done, now, failed or ""."""

    label: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file with its label; `artifact` is None until it can be downloaded, and `is_coming` before it is made."""

    name: str
    purpose: str
    size_bytes: int
    pages: int
    artifact: Artifact | None
    is_coming: bool = False


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """A finding code, represented by its first finding: its severity, as a word and a chip, and its title."""

    severity: str
    word: str
    chip: str
    title: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    chapter_id: str
    title: str
    markup: SafeString
    language: str
    direction: str


def job_context(edition: Edition) -> dict[str, Any]:
    """Return the context of the proof page for the edition's job."""
    job = edition.job
    findings = selectors.remarks_of(edition) if job.state == JobState.DONE else []
    has_ended_badly = job.state in {JobState.FAILED, JobState.CANCELED}
    files = [] if has_ended_badly else conversion_selectors.files_of(job)
    later = conversion_selectors.later_files(job) if job.state == JobState.DONE else LaterFiles()
    return {
        "job": job,
        "version": version_of(job),
        "is_changing": not job.is_finished or later.state == LaterState.MAKING,
        "later": later,
        "later_failure": conversion_selectors.later_failure_of(job) if later.state == LaterState.MISSING else None,
        "sentence": _sentence(edition, findings),
        "progress": _progress(job, files),
        "files": [*_named(files), *_coming(later)],
        "failure": conversion_selectors.failure_of(job),
        "can_repair": conversion_selectors.can_repair(job),
        "groups": _groups(findings),
        "incomplete": [finding for finding in findings if finding.code in INCOMPLETE],
        "pages": [] if has_ended_badly else first_pages(edition),
        "excerpt": None if has_ended_badly else _excerpt(edition),
        "cover": "" if has_ended_badly else selectors.cover_of(edition),
        "is_stale": job.state == JobState.DONE and selectors.are_files_stale(edition),
    }


def version_of(job: ConversionJob) -> str:
    """Return a value that changes whenever the page would."""
    last = job.progress[-1].at.isoformat() if job.progress else ""
    later = conversion_selectors.later_files(job).state if job.state == JobState.DONE else ""
    return f"{job.public_id}.{job.state}.{job.attempt}.{len(job.progress)}.{last}.{later}"


def chapter_markup(
    edition: Edition, book: WebBook, chapter_id: str, *, below_level: int = 1, most_characters: int = 0
) -> SafeString:
    """Return a chapter's cleaned body, with links to the other chapters of the preview. Raises ChapterNotFound."""
    work = edition.work
    markup = selectors.chapter_html(
        edition.job,
        book,
        chapter_id,
        chapter=lambda found: reverse("work-preview-chapter", args=[work.public_id, found]),
        file=lambda name: reverse("work-preview-file", args=[work.public_id, name]),
        below_level=below_level,
        most_characters=most_characters,
    )
    return mark_safe(markup)


# ---------------------------------------------------------------- status


def _sentence(edition: Edition, findings: list[ReadableFinding]) -> str:
    """Describe the job's state in one line."""
    job = edition.job
    if job.state == JobState.RUNNING:
        return _running_sentence(job)
    if job.state == JobState.DONE:
        return _done_sentence(edition, findings)
    if job.state == JobState.QUEUED and job.attempt:
        return _("Something went wrong on our side. We will retry automatically.")
    return {
        JobState.QUEUED: _("Waiting to start. This takes only seconds."),
        JobState.CANCELED: _("Stopped. We have kept the manuscript, and you can make the files at any time."),
        JobState.FAILED: _("We could not make any files."),
    }[JobState(job.state)]


def _done_sentence(edition: Edition, findings: list[ReadableFinding]) -> str:
    """Describe a finished job. Findings of one code count as one, as in the list."""
    count = len({finding.code for finding in findings if finding.severity != "info"})
    if any(finding.severity == "blocker" for finding in findings) and selectors.open_blockers(edition):
        return _("The files are ready, but something in them prevents publishing.")
    if not count:
        return _("The files are ready.")
    sentence = ngettext(
        "The files are ready, with %(count)d remark.", "The files are ready, with %(count)d remarks.", count
    )
    return sentence % {"count": count}


def _running_sentence(job: ConversionJob) -> str:
    facts = conversion_selectors.facts_of(job)
    sentences = {
        Stage.READ: _("Reading the manuscript."),
        Stage.WEB: _found(facts),
        Stage.COVER: _("Making the cover."),
        Stage.EPUB: _("Making the EPUB."),
        Stage.PDF: _("Laying out the pages of the PDFs."),
        Stage.PROOF: _("Checking every page."),
        Stage.CHECK: _("Comparing the files with the manuscript."),
    }
    return sentences[_current(job)]


def _current(job: ConversionJob) -> Stage:
    """Return the visible stage under way. Most stages report when they end, so the following one is under way."""
    reached = conversion_selectors.stages_reached(job)
    last = reached[-1] if reached else Stage.GATE
    following = {Stage.GATE: Stage.READ, Stage.READ: Stage.WEB, Stage.WEB: Stage.COVER, Stage.EPUB: Stage.PDF}
    return following.get(last, Stage.CHECK if last is Stage.DONE else last)


def _progress(job: ConversionJob, files: list[MadeFile]) -> list[Step]:
    labels = {
        Stage.READ: _("Reading the manuscript"),
        Stage.WEB: _("Chapters for the screen"),
        Stage.COVER: _("Cover"),
        Stage.EPUB: _("EPUB for e-readers and apps"),
        Stage.PDF: _("PDFs for phone, e-reader, tablet and print"),
        Stage.PROOF: _("Checking every page"),
        Stage.CHECK: _("Comparing the files with the manuscript"),
    }
    order = list(labels)
    here = order.index(_current(job))
    steps = []
    for position, (stage, label) in enumerate(labels.items()):
        steps.append(Step(label, _state(job, position, here), _note(job, stage, files)))
    return steps


def _state(job: ConversionJob, position: int, here: int) -> str:
    if job.state == JobState.DONE:
        return "done"
    if job.state == JobState.QUEUED:
        return ""
    if position == here:
        return {JobState.RUNNING: "now", JobState.FAILED: "failed"}.get(JobState(job.state), "")
    return "done" if position < here else ""


def _note(job: ConversionJob, stage: Stage, files: list[MadeFile]) -> str:
    facts = conversion_selectors.facts_of(job)
    if stage is Stage.READ and "chapters" in facts:
        return _found(facts)
    if part := _part(job, stage):
        return part
    if stage is Stage.PDF:
        done = sum(file.kind == ArtifactKind.PDF for file in files)
        if 0 < done < len(TARGETS):
            return _("%(done)d of %(all)d") % {"done": done, "all": len(TARGETS)}
    return ""


def _part(job: ConversionJob, stage: Stage) -> str:
    """Return the progress of a stage that reports single chapters."""
    told = [event.facts for event in job.progress if event.stage == stage and "chapter" in event.facts]
    if not told or job.stage != stage or "chapters" not in told[-1]:
        return ""
    sentence: str = _("chapter %(chapter)s of %(chapters)s") % told[-1]
    return sentence


def _found(facts: dict[str, str | int]) -> str:
    chapters, words = int(facts.get("chapters", 0)), int(facts.get("words", 0))
    if pages := int(facts.get("pages", 0)):
        found = ngettext("%(count)d page found", "%(count)d pages found", pages) % {"count": pages}
        return _("%(found)s, with %(words)s words.") % {"found": found, "words": localized(words)}
    found = ngettext("%(count)d chapter found", "%(count)d chapters found", chapters) % {"count": chapters}
    return _("%(found)s, %(words)s words.") % {"found": found, "words": localized(words)}


# ---------------------------------------------------------------- files


def _named(files: list[MadeFile]) -> list[NamedFile]:
    names = _names()
    order = list(names)
    known = sorted(
        (file for file in files if (file.kind, file.target) in names),
        key=lambda file: order.index((file.kind, file.target)),
    )
    return [NamedFile(*names[(file.kind, file.target)], file.size_bytes, file.pages, file.artifact) for file in known]


def _coming(later: LaterFiles) -> list[NamedFile]:
    """Return the files that follow by themselves, without size and pages."""
    names = _names()
    awaited = later.missing if later.state == LaterState.MAKING else ()
    return [NamedFile(*names[one], 0, 0, None, is_coming=True) for one in awaited if one in names]


def _names() -> dict[tuple[str, str], tuple[str, str]]:
    """Return name and purpose of the files that are listed, by kind and target, in order."""
    return {
        ("epub", ""): (_("EPUB"), _("e-readers, phones and apps")),
        ("pdf", "phone"): (_("PDF, phone"), _("pages of 90 × 160 mm")),
        ("pdf", "ereader"): (_("PDF, e-reader"), _("pages of 90 × 122 mm")),
        ("pdf", "tablet"): (_("PDF, tablet"), _("pages of 148 × 197 mm")),
        ("pdf", "print"): (_("PDF, print"), _("for paper; the cover’s page has the size")),
        ("kepub", ""): (_("KEPUB"), _("Kobo e-readers")),
        ("kindle", ""): (_("EPUB for Kindle"), _("for Send to Kindle")),
        ("own-pdf", ""): (_("Your own PDF"), _("as you uploaded it")),
        ("web", ""): (_("Web reader"), _("chapters for the browser")),
        ("sample-epub", ""): (_("Sample"), _("EPUB of the first pages")),
        ("cover", ""): (_("Cover"), _("JPEG")),
        ("print-cover", "print"): (_("Printed cover, PDF"), _("back, spine and front on one sheet, with bleed")),
        ("text", ""): (_("Plain text"), _("the text only")),
        ("markdown", ""): (_("Markdown"), _("text and pictures, for use anywhere")),
        ("docx", ""): (_("Word, DOCX"), _("to continue in Word and upload again")),
    }


# ---------------------------------------------------------------- remarks


def _groups(findings: list[ReadableFinding]) -> list[FindingGroup]:
    """Group findings by code, most severe first. Informational findings appear only on the page of remarks."""
    words = severity_words()
    first_of = {finding.code: finding for finding in reversed(findings) if finding.severity != "info"}
    in_order = [finding for finding in findings if first_of.get(finding.code) is finding]
    return [
        FindingGroup(finding.severity, *words[finding.severity], finding.title) for finding in in_order[:_SHOWN_GROUPS]
    ]


# ---------------------------------------------------------------- the first pages


def _excerpt(edition: Edition) -> Excerpt | None:
    """Return the beginning of the body, as soon as there is a web book."""
    book = conversion_selectors.web_book(edition.job)
    if book is None or book.opening is None:
        return None
    try:
        markup = chapter_markup(edition, book, book.opening.id, below_level=2, most_characters=_EXCERPT_CHARACTERS)
    except ChapterNotFound:
        return None
    return Excerpt(
        chapter_id=book.opening.id,
        title=book.opening.title,
        markup=markup,
        language=book.language,
        direction=book.direction,
    )
