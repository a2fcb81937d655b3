"""What can be wrong with a file, in words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class AddressUnconfirmed(DomainError):
    code = "own_books.address_unconfirmed"
    message = _(
        "Confirm your email address before you add a book: in your account, open “Email addresses” and request a code."
    )
    status = 403


class FileEmpty(DomainError):
    code = "own_books.file_empty"
    message = _("This file is empty. Download or copy it again, then add it.")


class FileTooLarge(DomainError):
    code = "own_books.file_too_large"
    message = _("This file is larger than {limit_mb} MB, the most that one book can have here.")


class FileProtected(DomainError):
    """Digital rights management, or a password."""

    code = "own_books.file_protected"
    message = _(
        "This file is protected with DRM or encrypted, so only the apps of the shop that sold it can open it. Ask that "
        "shop for a file without DRM, and add that one."
    )


class FileRefused(DomainError):
    """What the converter says of a file that is no whole EPUB. Its advice is for authors; readers get another."""

    code = "own_books.file_refused"
    message = _("{reason} Download it again from where you got it. If that does not help, ask there for another file.")


class NotAnEpub(DomainError):
    code = "own_books.not_an_epub"
    message = _("This is not an EPUB, and only EPUB files (.epub) can be added. Most shops offer that format.")


class AlreadyThere(DomainError):
    code = "own_books.already_there"
    message = _("You have this file already: “{title}”. It was not added a second time.")


class NoSpaceLeft(DomainError):
    code = "own_books.no_space_left"
    message = _(
        "Your own books may take up {limit} in total, and this one would exceed that. Remove one that you no "
        "longer read, then add it again."
    )


class TooManyBooks(DomainError):
    code = "own_books.too_many_books"
    message = _("You have {count} own books, which is the maximum. Remove one that you no longer read, then try again.")


class NothingToRetry(DomainError):
    code = "own_books.nothing_to_retry"
    message = _("This book is ready, or is being made ready. There is nothing to try again.")
