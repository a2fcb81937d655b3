"""The ISBN among a book's identifiers: whether its check digit is right, and how it is printed."""

from __future__ import annotations


def isbn_in(identifier: str) -> str | None:
    """Return what stands behind "isbn:" in an identifier, right or wrong; None for another kind of identifier."""
    scheme, _, number = identifier.lower().rpartition("isbn:")
    return number if scheme else None


def is_valid(number: str) -> bool:
    """Return whether it is an ISBN of ten or thirteen digits with the right check digit."""
    from stdnum import isbn  # importing it takes longer than all checks; few manuscripts have an ISBN

    return bool(isbn.is_valid(number))


def printed(number: str) -> str:
    """Return a valid ISBN with its hyphens, as it is printed on a cover."""
    from stdnum import isbn

    return str(isbn.format(number))


def thirteen_digits(number: str) -> str:
    """Return a valid ISBN as its thirteen digits, without hyphens."""
    from stdnum import isbn

    return str(isbn.to_isbn13(isbn.compact(number)))
