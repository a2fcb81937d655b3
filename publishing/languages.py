"""Languages a book may be in, named in the language of the page."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

# Tags that authors look for; any other that a manuscript brings is offered too.
_TAGS = (
    "ar bg bn ca cs cy da de el en en-GB en-US es et eu fa fi fr fr-CA ga gl he hi hr hu hy id is it ja "
    "ka ko la lt lv mk mn ms nb nl nn pl pt pt-BR ro ru sk sl sq sr sv sw ta te th tr uk ur vi zh-Hans "
    "zh-Hant"
)


def language_choices(present: str = "") -> list[tuple[str, str]]:
    """(BCP 47 tag, name) in the order of names; `present` is offered even when it is rare."""
    tags = list(dict.fromkeys([*_TAGS.split(), *filter(None, [present])]))
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda choice: choice[1].casefold())


def language_name(tag: str) -> str:
    """The language's name for people, or the tag itself when nobody has named it."""
    reader = Locale.parse((get_language() or "en").replace("-", "_"))
    try:
        name = Locale.parse(tag.replace("-", "_")).get_display_name(reader)
    except UnknownLocaleError:  # nobody's dates and numbers, but often a name
        name = reader.languages.get(tag)
    except (ValueError, LookupError):
        return tag
    return f"{name[:1].upper()}{name[1:]}" if name else tag
