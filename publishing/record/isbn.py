"""The numbers of a book: checked, in thirteen digits, and with the hyphens of their range."""

from __future__ import annotations

from publishing.record.errors import IsbnWrong

URN = "urn:isbn:"


def cleaned(text: str) -> str:
    """Return the thirteen digits of an ISBN of ten or thirteen. Raises IsbnWrong."""
    from stdnum import isbn  # with its ranges it takes long to import, and only makers enter numbers
    from stdnum.exceptions import ValidationError

    number = text.strip().lower().removeprefix(URN).removeprefix("isbn").strip(" :")
    number = number.upper().replace("–", "-").replace("‑", "-")
    try:
        return str(isbn.to_isbn13(isbn.validate(number)))
    except ValidationError as error:
        raise IsbnWrong(number=text.strip()[:40]) from error


def compact(number: str) -> str:
    """Return the number without hyphens and spaces."""
    return number.replace("-", "").replace(" ", "")


def shown(number: str) -> str:
    """Return the number with its hyphens, or as it is where no range is known for it."""
    from stdnum import isbn

    return str(isbn.format(number)) if isbn.is_valid(number) else number
