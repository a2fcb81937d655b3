"""App passwords, by which devices and apps sign in, when a person's shelf last changed, and places from KOReader."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work


class Scope(models.TextChoices):
    """What an app may do with an app password."""

    CATALOGUE = "catalogue", _("Show and download your books")
    SYNC = "sync", _("Save and fetch where you stopped reading")


class AppPassword(models.Model):
    """A password for one device or app. Only digests are kept: nobody can read it again.

    It is random and long, so a plain digest cannot be reversed, and its row is found by it. KOReader's sync sends the
    MD5 of what was typed and never the password itself, so the digest of that is kept, too.
    """

    public_id = PublicIdField("app")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=40, help_text="also the user name that the device sends: no colon")
    sha256 = models.CharField(max_length=64, unique=True, help_text="of the password")
    md5_sha256 = models.CharField(max_length=64, unique=True, help_text="of the MD5 of the password, in hex")
    may_see_catalogue = models.BooleanField(default=False)
    may_sync = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, help_text="the last day")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="app_password_name_once"),
            models.CheckConstraint(condition=~Q(name__contains=":"), name="app_password_name_sent"),
            models.CheckConstraint(condition=Q(may_see_catalogue=True) | Q(may_sync=True), name="app_password_scope"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> list[Scope]:
        return [scope for scope in Scope if getattr(self, _FLAGS[scope])]


_FLAGS: dict[str, str] = {Scope.CATALOGUE: "may_see_catalogue", Scope.SYNC: "may_sync"}


class ShelfVersion(models.Model):
    """When what a person's shelf shows last changed, as far as anybody looked.

    Some changes have no moment of their own: an advance copy ends by the clock, and a refund that failed brings a book
    back. So the shelf is compared with its digest whenever it is read (decision 146).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="shelf_version"
    )
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(help_text="to the second, and later than that of any earlier digest")


class BookMatch(models.TextChoices):
    """Whether a file that is none of ours is a book of the person, by what they say."""

    NONE = ""
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class SyncedPlace(models.Model):
    """A place as KOReader sent it, by the digest of its file: in any book, also in those that are not ours.

    One server syncs all books of a KOReader, so whatever it sends is kept as it is. Of a file that is none of ours but
    whose name fits a book of the person, that book is offered once.
    """

    public_id = PublicIdField("place")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="synced_places")
    document = models.CharField(max_length=64, help_text="the file's digest")
    progress = models.CharField(max_length=1000)
    percentage = models.FloatField(help_text="of the whole, 0 to 1")
    device = models.CharField(max_length=80)
    device_id = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(help_text="when it arrived: KOReader does not send when the reader was there")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, null=True, related_name="+")
    match = models.CharField(max_length=8, choices=BookMatch, default=BookMatch.NONE, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "document"], name="synced_place_once"),
            models.CheckConstraint(condition=Q(match="") ^ Q(work__isnull=False), name="synced_place_match"),
        ]
