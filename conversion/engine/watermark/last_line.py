"""The visible line at the end of the book: the number of the order, and the buyer's name if they want it there."""

from __future__ import annotations

import re
from html import unescape

from ..markup.text import escape

# What stands before the number of an order, and before the number of a copy that belongs to none of its reader's.
_WORDS = {
    "ar": ("نسخة الطلب", "رقم النسخة"),
    "de": ("Exemplar zur Bestellung", "Exemplar Nummer"),
    "en": ("Copy for order", "Copy number"),
    "es": ("Ejemplar del pedido", "Ejemplar número"),
    "fr": ("Exemplaire de la commande", "Exemplaire numéro"),
    "he": ("עותק להזמנה", "עותק מספר"),
    "it": ("Copia dell’ordine", "Copia numero"),
    "ja": ("ご注文番号", "コピー番号"),
    "nl": ("Exemplaar bij bestelling", "Exemplaar nummer"),
    "pl": ("Egzemplarz do zamówienia", "Egzemplarz numer"),
    "pt": ("Exemplar da encomenda", "Exemplar número"),
    "ru": ("Экземпляр к заказу", "Экземпляр номер"),
    "sv": ("Exemplar för beställning", "Exemplar nummer"),
}
_STYLE = "margin: 3em 0 0; text-align: center; text-indent: 0; font-size: .8em"
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"\b(?:ord|cpy)_[A-Za-z0-9]+")
_SPAN = re.compile(r'id="kobo\.([0-9]+)\.')


def with_line(page: str, *, number: str, is_order: bool, name: str, language: str) -> str:
    """Return the last page of a book with the line at its end, in the book's language or in English."""
    primary = language.partition("-")[0].lower()
    words = _WORDS.get(primary, _WORDS["en"])[0 if is_order else 1]
    tongue = "" if primary in _WORDS else ' lang="en" xml:lang="en"'
    inside = f"{words} <bdi>{escape(number)}</bdi>" + (f" · <bdi>{escape(name)}</bdi>" if name else "")
    if spans := _SPAN.findall(page):  # a page for Kobo: all its text is in numbered spans
        inside = f'<span class="koboSpan" id="kobo.{max(map(int, spans)) + 1}.1">{inside}</span>'
    head, end, tail = page.rpartition("</section>")
    if not end:
        head, end, tail = page.rpartition("</body>")
    return f'{head}<p class="copy-line" style="{_STYLE}"{tongue}>{inside}</p>\n{end}{tail}'


def numbers_in(page: str) -> list[str]:
    """Return everything in the text of a page that could be the number of an order or a copy."""
    return _NUMBER.findall(unescape(_TAG.sub("", page)))
