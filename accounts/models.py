"""Users, guests, staff roles, the audit log, data copies and account deletions."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import regions
from common.ids import PublicIdField

# Prefix of an erased account's email address. No form accepts it as an address, and no email is sent to it.
ERASED = "erased:"


def displayed_name(display_name: str) -> str:
    """Return the name that readers see; an erased account has none."""
    return display_name or _("Deleted account")


class UserManager(BaseUserManager["User"]):
    """Creates users by email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_operator=True, **fields)


class User(AbstractBaseUser):
    """A person. Everyone is a reader; the flags add roles."""

    public_id = PublicIdField("usr")
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, as the person told us")
    language = models.CharField(max_length=2, blank=True, help_text="of mails, ISO 639-1")
    bio = models.TextField(blank=True, max_length=2000)
    is_active = models.BooleanField(default=True)
    is_author = models.BooleanField(default=False)
    is_finance = models.BooleanField(default=False)
    is_moderator = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    is_guest = models.BooleanField(default=False, help_text="bought without an account: nobody can log in as it")
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            models.CheckConstraint(
                condition=Q(is_guest=False)
                | Q(is_author=False, is_finance=False, is_moderator=False, is_operator=False),
                name="user_guest_has_no_role",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or (displayed_name("") if self.is_erased else self.public_id)

    @property
    def region(self) -> regions.Region:
        """Return the region that emails to the person are written for."""
        return regions.of_person(language=self.language, country=self.country)

    @property
    def is_staff_member(self) -> bool:
        """Return whether the person holds a role that needs two-factor authentication."""
        return self.is_finance or self.is_moderator or self.is_operator

    @cached_property
    def has_second_factor(self) -> bool:
        """Return whether log-in takes an authenticator app or a passkey. Read once per request. Recovery codes alone do
        not count.
        """
        return bool(is_mfa_enabled(self, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))

    @property
    def is_erased(self) -> bool:
        """Return whether only a pseudonym of the person is left."""
        return self.email.startswith(ERASED)

    @property
    def mail_to(self) -> str:
        """Return the address for emails to the person, "" once they are erased.

        A guest's own `email` is a placeholder that receives no email.
        """
        if self.is_erased:
            return ""
        return self.guest.email if self.is_guest else self.email


class Guest(models.Model):
    """What we know of a person who buys without an account, beside the passive `User` that their orders refer to.

    There is one for each visitor and address: two visitors who give the same address know nothing of each other.
    `email` is what was typed, in lower case; only the owner of that mailbox, or the person who paid, has a link. Once
    claimed, the guest ends: its user is inactive, and everything belongs to the claimant. The user's row is its lock.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="guest")
    email = models.EmailField(db_index=True)
    link_version = models.PositiveIntegerField(default=1, help_text="links of earlier versions open nothing")
    made_at = models.DateTimeField()
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="claimed_guests")
    claimed_at = models.DateTimeField(null=True)
    claim_told_at = models.DateTimeField(null=True, help_text="when the address was told who has its orders now")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="guest_claimed_by_somebody",
            )
        ]


def new_salt() -> str:
    """Return 128 random bits as hexadecimal digits."""
    return secrets.token_hex(16)


class AuditEntry(models.Model):
    """One act by staff, or by anyone on money or rights, or one that was refused. Append-only.

    The database enforces this (`accounts.triggers`), and the audit chain reveals what got past it. `about` is the one
    person whose account, work or money is concerned, if there is one; they see the entry on their own activity page.
    `facts` are erased when the retention schedule says so, together with the salt of the chain's commitment to them.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="audit_entries")
    about = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="entries_about")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    salt = models.CharField(max_length=32, blank=True, default=new_salt, help_text="empty once the facts are erased")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["verb", "id"], name="audit_entry_verb"),
        ]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_id}".strip()


class AuditLink(models.Model):
    """The hash of one audit entry and the previous link's hash. Any changed byte shows."""

    position = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    facts_hash = models.CharField(max_length=64, help_text="salted: it stays when the facts are erased")
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["position"]


class Refusal(models.Model):
    """Refused attempts of one kind within one minute, to be added to the audit log when the minute is over."""

    key = models.CharField(max_length=32, primary_key=True, help_text="a digest of all but the number")
    minute = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    times = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.verb} {self.times}"


class CopyState(models.TextChoices):
    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


class DataCopyQuerySet(models.QuerySet["DataCopy"]):
    def claimable(self) -> DataCopyQuerySet:
        """Filter copies that are waiting and not claimed by any worker, by the database's clock."""
        return self.filter(state=CopyState.WAITING).filter(Q(lease_until=None) | Q(lease_until__lt=Now()))

    def held(self, copy_id: int, token: int) -> DataCopyQuerySet:
        """Filter the copy that is being made, if this fencing token is still the newest."""
        return self.filter(pk=copy_id, state=CopyState.WAITING, fencing_token=token)


class DataCopy(models.Model):
    """A copy of the data we hold about a person, for that person only.

    The row is the source of truth. It is deleted together with its file when it expires.
    """

    public_id = PublicIdField("cop")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_copies")
    state = models.CharField(max_length=7, choices=CopyState, default=CopyState.WAITING)
    asked_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=0)
    fencing_token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, help_text="real time, by the database's clock")
    file = models.CharField(max_length=300, blank=True, help_text="name in private storage")
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[DataCopyQuerySet] = DataCopyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "data copies"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="data_copy_one_waiting_per_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | (~Q(file="") & Q(expires_at__isnull=False)), name="data_copy_made_has_file"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def is_ready(self, at: datetime) -> bool:
        """Return whether it can be downloaded at this moment."""
        return self.state == CopyState.MADE and self.expires_at is not None and at < self.expires_at


class DeletionQuerySet(models.QuerySet["Deletion"]):
    def waiting(self) -> DeletionQuerySet:
        """Filter deletions that were requested and not done."""
        return self.filter(done_at=None)


class Deletion(models.Model):
    """A person's request to have their account deleted.

    If it is cancelled, the row is deleted; once done, it stays and says when. `keeps_words` says that what they wrote
    about books stays, without their name.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="deletion")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    keeps_words = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True, help_text="when the person was told the date and how to call it off")
    delayed_at = models.DateTimeField(null=True, help_text="when the person was told what it waits for")
    done_at = models.DateTimeField(null=True, db_index=True)

    LATEST: ClassVar[timedelta] = timedelta(days=30)

    objects: ClassVar[DeletionQuerySet] = DeletionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(due_at__gte=models.F("asked_at")), name="deletion_due_later")]

    @property
    def latest_at(self) -> datetime:
        """Return when the deletion is done at the latest, whatever prevents it: the legal deadline."""
        return self.asked_at + self.LATEST


class Role(models.TextChoices):
    """Staff roles. A flag on the user says which are held."""

    OPERATOR = "operator", gettext_lazy("Operator")
    FINANCE = "finance", gettext_lazy("Finance")
    MODERATOR = "moderator", gettext_lazy("Moderator")

    @property
    def flag(self) -> str:
        """Return the name of the field on `User`."""
        return f"is_{self.value}"


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def waiting(self) -> RoleGrantQuerySet:
        """Filter grants that are proposed and neither confirmed nor ended."""
        return self.filter(confirmed_at=None, ended_at=None)


class RoleGrant(models.Model):
    """Who assigned a role to a person, who confirmed it, and who removed it. Null in one of these fields means the
    command.
    """

    public_id = PublicIdField("rol")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=9, choices=Role)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[RoleGrantQuerySet] = RoleGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(ended_at=None), name="role_grant_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=~Q(granted_by=models.F("person"))
                & ~Q(confirmed_by=models.F("person"))
                & ~Q(confirmed_by=models.F("granted_by")),
                name="role_grant_by_others",
            ),
            models.CheckConstraint(
                condition=~Q(role="finance")
                | Q(confirmed_at=None)
                | Q(granted_by=None)
                | Q(confirmed_by__isnull=False),
                name="role_grant_finance_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class MailStop(models.Model):
    """A person does not want a kind of email (`accounts.mail_choices`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_stops")
    kind = models.CharField(max_length=30)
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="mail_stop_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
