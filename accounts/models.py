"""People, what they may do, and what staff did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts import regions
from common.ids import PublicIdField


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_operator=True, **fields)


class User(AbstractBaseUser):
    """A person. Everybody is a reader; the flags add roles."""

    public_id = PublicIdField("usr")
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, as the person told us")
    language = models.CharField(max_length=2, blank=True, db_default="", help_text="of mails, ISO 639-1")
    bio = models.TextField(blank=True, max_length=2000)
    is_active = models.BooleanField(default=True)
    is_author = models.BooleanField(default=False)
    is_finance = models.BooleanField(default=False)
    is_moderator = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    is_guest = models.BooleanField(
        default=False, db_default=False, help_text="bought without an account: nobody can log in as it"
    )
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
        return self.display_name or self.public_id

    @property
    def region(self) -> regions.Region:
        """What mails to the person are written for."""
        return regions.of_person(language=self.language, country=self.country)

    @property
    def is_staff_member(self) -> bool:
        """Whether the person holds a role that needs a second factor."""
        return self.is_finance or self.is_moderator or self.is_operator

    @property
    def mail_to(self) -> str:
        """Where mail to the person goes. A guest's own `email` is a name that no mail reaches."""
        return self.guest.email if self.is_guest else self.email


class Guest(models.Model):
    """What we know of somebody who buys without an account, beside the passive `User` that orders hang on.

    One for each visitor and address: two visitors who give the same address know nothing of each other. `email` is
    what was typed, in small letters; only whoever reads its mail, or paid, has a link. It ends when it is claimed: the
    user is then inactive, and everything is the claimant's. The user's row is its lock.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="guest")
    email = models.EmailField(db_index=True)
    link_version = models.PositiveIntegerField(default=1, help_text="links of earlier versions open nothing")
    made_at = models.DateTimeField()
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="claimed_guests")
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="guest_claimed_by_somebody",
            )
        ]


class AuditEntry(models.Model):
    """One act of staff, or of anybody on money or rights. Only ever appended."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="audit_entries")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]
        verbose_name_plural = "audit entries"
