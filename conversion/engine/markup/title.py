"""The title of a book as writers print it, and the lines of the title page that they set."""

from __future__ import annotations

from ..book.model import Book
from .terms import Terms
from .text import one_line


def title_of(book: Book, terms: Terms) -> str:
    """Return the book's title, never empty."""
    return one_line(book.metadata.title) or terms.untitled


def has_title_page(book: Book) -> bool:
    """Return whether writers set a title page: unless the manuscript has one, or the author wants none."""
    return book.title_page.is_made and not any(chapter.role == "titlepage" for chapter in book.chapters)


def title_lines(book: Book) -> list[tuple[str, str]]:
    """Return the lines below the title, each after its kind: subtitle, author, credit, words, publisher."""
    about, page = book.metadata, book.title_page
    lines = [("subtitle", one_line(about.subtitle))]
    lines += [("author", one_line(person.name)) for person in about.contributors if person.role == "aut"]
    lines += [("credit", one_line(credit)) for credit in page.credits]
    lines += [("words", one_line(words)) for words in page.words]
    lines.append(("publisher", one_line(about.publisher)))
    return [(kind, text) for kind, text in lines if text]
