"""Errors of the library's collections."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NameTaken(DomainError):
    code = "collection_name_taken"
    message = _("You already have a collection “{name}”. Choose another name.")


class TooManyCollections(DomainError):
    code = "too_many_collections"
    message = _("You can have {most} collections. Delete one to make room for another.")
