"""The five steps from manuscript to shop on the pages of a first edition, and links between its pages from then on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from conversion.models import JobState
from publishing import permissions, selectors
from publishing.models import Edition, EditionState, Work
from publishing.selectors import Requirement
from publishing.views.tabs import Tab, proof_tabs


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step. `state` is done, now, failed or ""; `is_here` marks the step of the current page."""

    label: str
    href: str
    state: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement of publishing, with the page where it is met."""

    text: str
    is_met: bool
    href: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The link to where the author continues."""

    label: str
    href: str


_PAGES = ("work-manuscript", "work-proof", "work-details", "work-price", "work-publish")
# The requirements that belong to each step, by the short name in `Requirement.page`.
_SHORT = {"work-proof": ("proof", "remarks"), "work-details": ("details",), "work-price": ("price",)}


def page_context(user: Visitor, edition: Edition, here: str = "") -> dict[str, Any]:
    """Return the context for the head of every page of a work."""
    work = edition.work
    requirements = selectors.edition_readiness(edition)
    return {
        "work": work,
        "edition": edition,
        "name": selectors.display_name(work, edition),
        "needs": [_need(requirement, work) for requirement in requirements],
        "is_ready": all(requirement.is_met for requirement in requirements),
        "steps": _steps(edition, requirements, here) if edition.is_first_draft else [],
        "work_pages": [] if edition.is_first_draft else _pages(edition, here),
        "is_on_sale": _is_on_sale(edition),
        "may_edit": permissions.may_edit(user, work),
        "may_publish": permissions.may_publish(user, work),
        "is_converting": not edition.job.is_finished,
    }


def proof_context(user: Visitor, edition: Edition, here: str) -> dict[str, Any]:
    """Return the context for the head and the tabs of a page of the proof. `here` is the name of its URL."""
    context = page_context(user, edition, "work-proof")
    return context | {"proof_tabs": proof_tabs(edition.work, here, may_edit=context["may_edit"])}


def next_step(edition: Edition) -> NextStep:
    """Return the step that a draft needs next."""
    page = _next_page(edition)
    labels = {
        "work-proof": _("See what to do") if edition.job.is_finished else _("See progress"),
        "work-details": _("Fill in the details"),
        "work-price": _("Set the price"),
        "work-rights": _("State rights and AI use"),
        "work-people": _("See who must agree"),
        "work-publish": _("Publish"),
    }
    return NextStep(labels[page], reverse(page, args=[edition.work.public_id]))


def _next_page(edition: Edition) -> str:
    if edition.job.state in {JobState.FAILED, JobState.CANCELED}:
        return "work-proof"
    for requirement in selectors.edition_readiness(edition):
        if not requirement.is_met and requirement.code not in {"files", "findings"}:
            return f"work-{requirement.page}"
    return "work-proof" if not edition.job.is_finished else "work-publish"


def next_step_url_name(page: str, edition: Edition) -> str:
    """Return the page to show after saving: the next step of a work never on sale, or else its main page."""
    if not edition.is_first_draft:
        return "work"
    return _PAGES[_PAGES.index(page) + 1]


def _need(requirement: Requirement, work: Work) -> Need:
    return Need(requirement.text, requirement.is_met, reverse(f"work-{requirement.page}", args=[work.public_id]))


def _steps(edition: Edition, requirements: list[Requirement], here: str) -> list[FlowStep]:
    labels = (_("Manuscript"), _("Proof"), _("Details"), _("Price"), _("Publish"))
    return [
        FlowStep(
            label=label,
            href=reverse(page, args=[edition.work.public_id]),
            state=_state(edition, page, requirements, here),
            is_here=page == here,
        )
        for label, page in zip(labels, _PAGES, strict=True)
    ]


def _is_on_sale(edition: Edition) -> bool:
    """Return whether the work is on sale, with this edition or with the one before it."""
    if edition.is_first_draft:
        return False
    return edition.state == EditionState.PUBLISHED or selectors.published_of(edition.work) is not None


def _pages(edition: Edition, here: str) -> list[Tab]:
    """Return links to the pages of a work that was on sale: nothing leads through them in order any more."""
    labels = {
        "work": _("Overview"),
        "work-proof": _("Book"),
        "work-details": _("Details"),
        "work-price": _("Price"),
        "work-manuscript": _("Manuscript"),
    }
    if edition.state == EditionState.DRAFT:
        labels["work-publish"] = _("Publish changes")
    return [
        Tab(label, reverse(page, args=[edition.work.public_id]), page == (here or "work"))
        for page, label in labels.items()
    ]


def _state(edition: Edition, page: str, requirements: list[Requirement], here: str) -> str:
    if page == "work-proof" and edition.job.state in {JobState.FAILED, JobState.CANCELED}:
        return "failed"
    if page == here:
        return "now"
    if page == "work-manuscript":
        return "done"
    if page == "work-publish":
        return "done" if edition.state != EditionState.DRAFT else ""
    mine = [requirement for requirement in requirements if requirement.page in _SHORT[page]]
    return "done" if all(requirement.is_met for requirement in mine) else ""
