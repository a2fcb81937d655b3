"""People, what they may do, and what staff did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
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
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case")]

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
