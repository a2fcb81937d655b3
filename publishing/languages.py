"""Languages of books, named in the language of the page."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

# Common languages. A language found in a manuscript is offered even when it is not listed here.
_TAGS = (
    "ar bg bn ca cs cy da de el en en-GB en-US es et eu fa fi fr fr-CA ga gl he hi hr hu hy id is it ja "
    "ka ko la lt lv mk mn ms nb nl nn pl pt pt-BR ro ru sk sl sq sr sv sw ta te th tr uk ur vi zh-Hans "
    "zh-Hant"
)


def language_choices(present: str = "") -> list[tuple[str, str]]:
    """Return (BCP 47 tag, name) pairs sorted by name; `present` is offered even when it is not in the list."""
    tags = list(dict.fromkeys([*_TAGS.split(), *filter(None, [present])]))
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda choice: choice[1].casefold())


def language_name(tag: str) -> str:
    """Return the language's name in the active language, or the tag when the name is unknown."""
    reader = Locale.parse((get_language() or "en").replace("-", "_"))
    try:
        name = Locale.parse(tag.replace("-", "_")).get_display_name(reader)
    except UnknownLocaleError:  # a language without locale data often has a name
        name = reader.languages.get(tag)
    except (ValueError, LookupError):
        return tag
    return f"{name[:1].upper()}{name[1:]}" if name else tag
