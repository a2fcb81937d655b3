"""Requests, shortlists, invitations and proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common.ids import PublicIdField
from common.money import Money
from common.typed_json import TypedJSONField
from hiring.contract_terms import AiUse, RightsExtent
from hiring.offers.models import Offer
from hiring.requests.recompute_shortlist import Candidate, Points, Wanted
from hiring.service_kinds import ServiceKind
from publishing.models import Work

PROPOSAL_VALID = timedelta(days=14)
REQUEST_OPEN = timedelta(days=60)
NEXT_ROUND_AFTER = timedelta(hours=72)


class RequestState(models.TextChoices):
    OPEN = "open", pgettext_lazy("request for a service", "Open")
    HIRED = "hired", pgettext_lazy("request for a service", "Hired")
    WITHDRAWN = "withdrawn", pgettext_lazy("request for a service", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("request for a service", "Closed after 60 days")


class ServiceRequest(models.Model):
    """What a client asks for. The passage of the manuscript is shown to those who are asked, and to nobody else.

    A request to one provider has a `direct_offer` and no shortlist. `next_round_at` is when the next eight are asked;
    null once there is nobody left or it is no longer needed. `is_gap` records that nobody was left to be asked.
    """

    public_id = PublicIdField("rqt")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="service_requests")
    kind = models.CharField(max_length=24, choices=ServiceKind)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    work = models.ForeignKey(Work, null=True, on_delete=models.SET_NULL, related_name="+")
    passage = models.TextField(max_length=8000, blank=True)
    words = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=35, help_text="BCP 47, of the text")
    target = models.CharField(max_length=35, blank=True, help_text="of a translation, the one translated to")
    genre = models.CharField(max_length=20, blank=True, help_text="Thema")
    budget_minor = models.PositiveIntegerField(null=True)
    currency = models.CharField(max_length=3)
    takes_share = models.BooleanField(default=False, help_text="would pay by a share of the royalties")
    wanted_on = models.DateField(null=True)
    direct_offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_round_at = models.DateTimeField(null=True)
    is_gap = models.BooleanField(default=False)
    form_token = models.UUIDField(null=True, editable=False, help_text="of the form that made it")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_round_at"], condition=Q(state="open"), name="service_request_rounds"),
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="service_request_closing"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "form_token"], name="service_request_once_per_form"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="service_request_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(direct_offer=None) | Q(next_round_at=None), name="service_request_direct_has_no_rounds"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def budget(self) -> Money | None:
        return None if self.budget_minor is None else Money(self.budget_minor, self.currency)


class Shortlist(models.Model):
    """One round of a request: the inputs of the formula as they were, and what it left out.

    The inputs are public under an address that only those who are asked, and the client, know.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="shortlists")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    wanted = TypedJSONField(Wanted)
    candidates = TypedJSONField(tuple[Candidate, ...], default=tuple)
    left_out = TypedJSONField(dict[str, int], default=dict)
    fitting = models.PositiveIntegerField(default=0)
    client_mailed_at = models.DateTimeField(null=True, help_text="when the client was told of a later round")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="shortlist_number_once")]


class InvitationAnswer(models.TextChoices):
    NONE = "", pgettext_lazy("somebody who was asked", "No answer yet")
    DECLINED = "declined", pgettext_lazy("somebody who was asked", "Declined")
    PROPOSED = "proposed", pgettext_lazy("somebody who was asked", "Proposal made")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, user: User) -> Self:
        """Filter by those to the person's offers."""
        return self.filter(offer__provider=user)


class Invitation(models.Model):
    """An offer that is asked: its place on the shortlist with the points, or a request to it alone."""

    public_id = PublicIdField("ivt")
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="invitations")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="invitations")
    shortlist = models.ForeignKey(Shortlist, null=True, on_delete=models.CASCADE, related_name="invitations")
    place = models.PositiveSmallIntegerField(default=0, help_text="on the shortlist; 0 for a request to one provider")
    points = TypedJSONField(Points, default=Points)
    is_newcomers = models.BooleanField(default=False, help_text="the place was kept for a newcomer")
    answer = models.CharField(max_length=8, choices=InvitationAnswer, default=InvitationAnswer.NONE, blank=True)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    declined_mailed_at = models.DateTimeField(
        null=True, help_text="when the client was told that the one they asked declined"
    )
    earnings_shown_at = models.DateTimeField(null=True, help_text="when the client showed what the book earned lately")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "offer"], name="invitation_once_per_offer")]
        indexes = [
            models.Index(fields=["offer", "asked_at"], name="invitation_recent"),
            models.Index(fields=["id"], condition=Q(mailed_at=None), name="invitation_to_mail"),
        ]

    @property
    def are_earnings_shown(self) -> bool:
        """Return whether the provider may see what the book earned: the client said so, for all or for this one."""
        return self.request.takes_share or self.earnings_shown_at is not None


class ProposalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "Open")
    COUNTERED = "countered", pgettext_lazy("proposal", "Answered with another proposal")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("proposal", "Expired")


@dataclass(frozen=True, slots=True)
class ProposedMilestone:
    """One step of a proposal: what it costs and when it is delivered."""

    title: str
    amount_minor: int
    due_on: date
    description: str = ""


class Proposal(models.Model):
    """What one side proposes to the other. A counter-proposal is a new row; the newest one that is open counts."""

    public_id = PublicIdField("prp")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="proposals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    scope = models.TextField(max_length=6000)
    revision_rounds = models.PositiveSmallIntegerField()
    revision_days = models.PositiveSmallIntegerField()
    rights = models.CharField(max_length=9, choices=RightsExtent)
    ai_use = models.CharField(max_length=9, choices=AiUse)
    credit_name = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3)
    milestones = TypedJSONField(tuple[ProposedMilestone, ...], default=tuple)
    share_bps = models.PositiveIntegerField(default=0, help_text="of the work's royalties")
    share_ends_on = models.DateField(null=True)
    share_ends_at_minor = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    declined_mailed_at = models.DateTimeField(null=True, help_text="when its author was told that it was declined")
    contract = models.CharField(max_length=40, blank=True, help_text="public id of the contract it became")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "number"], name="proposal_number_once"),
            models.UniqueConstraint(fields=["invitation"], condition=Q(state="open"), name="proposal_one_open"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="proposal_expires_later"),
            models.CheckConstraint(condition=Q(share_bps__lte=10_000), name="proposal_share_range"),
            models.CheckConstraint(
                condition=Q(state="accepted", contract__gt="") | (~Q(state="accepted") & Q(contract="")),
                name="proposal_accepted_is_contract",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="proposal_expiring"),
            models.Index(fields=["id"], condition=Q(mailed_at=None), name="proposal_to_mail"),
        ]

    @property
    def total(self) -> Money:
        """Return what the milestones cost together."""
        return Money(sum(one.amount_minor for one in self.milestones), self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN
