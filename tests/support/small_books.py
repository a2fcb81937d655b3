"""Two small manuscripts of our own, for an ordinary run without the shared corpus: verse, and Arabic from the right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_ENGLISH = """
    harbour lamp water winter letter stone garden window river morning evening island bridge thunder feather copper
    silver orchard meadow kettle ladder candle basket mirror hammer needle saddle pepper ribbon button blanket whistle
    falls rises waits burns turns keeps leaves opens follows carries forgets remembers answers gathers wanders lingers
    slowly softly never always under over beside behind without beyond between among against along around through
    bright hollow narrow silent bitter golden crooked distant gentle heavy early sudden patient hidden broken empty
"""
_ARABIC = """
    بحر قمر شمس ليل نهار كتاب قلم باب نافذة شجرة حجر طريق مدينة قرية جبل نهر سماء أرض ريح مطر
    شتاء صيف ربيع خريف صباح مساء طفل شيخ بيت سفينة ملح خبز ماء نار ضوء ظل صوت صمت قلب يد
    يمشي يقرأ يكتب يسمع يرى يعود يبقى ينام يصحو يفتح يغلق يحمل ينسى يذكر ببطء بهدوء أمام خلف
    قديم جديد بعيد قريب كبير صغير طويل قصير عميق هادئ حزين سعيد وحيد غريب جميل
"""
_PARTS = 14  # of a chapter


def _lines(words: str, count: int, length: int, chance: random.Random) -> Iterator[str]:
    for _ in range(count):
        line = " ".join(chance.sample(words.split(), length))
        yield line[0].upper() + line[1:]


def _book(language: str, direction: str, titles: str, part: Callable[[random.Random], str]) -> str:
    """A chapter for each title. No figures: in text from the right they would stand the other way round."""
    first, *_ = names = titles.split()
    chance = random.Random(first)
    chapters = "".join(f"<h1>{name}</h1>{''.join(part(chance) for _ in range(_PARTS))}" for name in names)
    head = f'<head><meta charset="utf-8"/><title>{first}</title></head>'
    return f'<!DOCTYPE html><html lang="{language}" dir="{direction}">{head}<body>{chapters}</body></html>'


def verse() -> str:
    """Stanzas of four lines."""
    titles = "Songs Tides Lanterns Orchards Crossings Embers"
    return _book("en", "ltr", titles, lambda chance: f"<p>{'<br/>'.join(_lines(_ENGLISH, 4, 7, chance))}</p>")


def arabic() -> str:
    """Paragraphs of three sentences."""
    titles = "حكايات أمواج مصابيح بساتين معابر جمرات"
    return _book("ar", "rtl", titles, lambda chance: f"<p>{'. '.join(_lines(_ARABIC, 3, 14, chance))}.</p>")
