"""Detect the language of a text: by its script, then by its most frequent small words.

Never from the machine's own settings. Counting is enough: a page of prose contains dozens of these words.
"""

from __future__ import annotations

import re
from collections import Counter

SAMPLE_CHARS = 60_000
MIN_LETTERS = 20
MIN_HITS = 8
MIN_DISTINCT = 4
_WORDS = re.compile(r"[^\W\d_]+")

_STOP_WORDS = {
    "en": "the and of to that was his with he her for had you not she but which they would there from were this have",
    "fr": "le la les des et est dans que qui pas une pour il elle vous avec sur mais ce était au plus nous lui je",
    "de": "der die und das nicht ein ich zu er sie ist mit sich auf den dem war eine auch wie aber als von haben",
    "es": "el la los las que y en un una por con no su para es se lo del más pero como había muy le él",
    "it": "il che di non la un una per con era gli sono si le del della più ma come anche lo nel questo aveva",
    "pt": "o que não e do da em um uma para com os as se por mais como mas ao dos era foi ele ela seu",
    "nl": "de het een en van niet dat ik zijn was hij met op te voor maar ze er als aan naar ook haar",
    "sv": "och att det som en på är av för inte med den till han var jag hon ett men om hade sig",
    "da": "og at det en den til er som på de med han af for ikke der var mig sig men et har om",
    "no": "og i det er som på en til av for med at ikke han var jeg seg men et har om den",
    "fi": "ja on ei se että oli hän mutta niin kun kuin minä joka sen ole vain olen sitten mitä",
    "pl": "i w nie na się że z do to jest jak ale po co tak za był jego było tylko być",
    "cs": "a se na že je v to s z do i by si ale jako jsem byl jeho jen tak už když",
    "tr": "ve bir bu da de için ile çok ne o gibi ama daha var ben kadar sonra değil",
    "la": "et in est non ad ut cum qui quod sed ab ex si per quae atque esse enim nec",
}
_STOP = {lang: frozenset(words.split()) for lang, words in _STOP_WORDS.items()}
_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af",
    "zh": "\u4e00-\u9fff",
    "ar": "\u0620-\u064a",
    "he": "\u05d0-\u05ea",
    "el": "\u0370-\u03ff",
    "ru": "\u0400-\u04ff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
}
_ANY_SCRIPT = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_LETTER = re.compile(r"[^\W\d_]")
_SAME_SCRIPT = {
    "ar": frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug"}),
    "ru": frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "mn"}),
    "he": frozenset({"he", "yi"}),
    "hi": frozenset({"hi", "mr", "ne", "sa"}),
    "zh": frozenset({"zh", "yue", "lzh"}),
}
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_PERSIAN = re.compile("[پچژگ]")
RTL = frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug", "he", "yi", "dv"})


def primary(tag: str) -> str:
    """Return the language of a BCP 47 tag without region or script."""
    return tag.split("-", 1)[0].lower()


def is_rtl(tag: str) -> bool:
    """Return True when the language is written from right to left."""
    return primary(tag) in RTL


def detect(sample: str) -> str:
    """Return a primary language subtag, or "" when the sample does not show the language."""
    sample = sample[:SAMPLE_CHARS]
    script = _by_script(sample)
    if script:
        return script
    words = Counter(word for word in _WORDS.findall(sample.lower()) if len(word) <= 8)
    scores = {lang: sum(words[word] for word in stop) for lang, stop in _STOP.items()}
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    (best, hits), (_, second) = ranked[0], ranked[1]
    total = sum(words.values())
    distinct = sum(word in words for word in _STOP[best])
    clear = hits >= MIN_HITS and distinct >= MIN_DISTINCT and hits > 1.25 * second and hits > 0.08 * total
    return best if clear else ""


def _by_script(sample: str) -> str:
    letters = len(_LETTER.findall(sample)) if _ANY_SCRIPT.search(sample) else 0  # Latin script identifies no language
    if letters < MIN_LETTERS:
        return ""
    shares = {lang: len(re.findall(f"[{span}]", sample)) / letters for lang, span in _SCRIPTS.items()}
    if shares["ja"] > 0.05 and shares["ja"] + shares["zh"] > 0.4:
        return "ja"
    best = max(shares, key=lambda lang: shares[lang])
    if shares[best] < 0.4:
        return ""
    if best == "ru" and len(_UKRAINIAN.findall(sample)) > 0.02 * letters:
        return "uk"
    if best == "ar" and len(_PERSIAN.findall(sample)) > 0.01 * letters:
        return "fa"
    return best


def resolve_language(declared: str, weak: str, sample: str) -> str:
    """Return the language of a text: the declared one; else the detected one, with the region of `weak` where that
    agrees."""
    if declared and primary(declared) not in ("und", "mul", "zxx"):
        return declared
    found = detect(sample)
    if not found:
        return weak
    family = _SAME_SCRIPT.get(found, frozenset({found}))
    return weak if primary(weak) in family else found


def contradicting_language(declared: str, sample: str) -> str:
    """Return the language that the words are evidently in when it differs from the `declared` one; else ""."""
    found = detect(sample) if declared else ""
    if not found:
        return ""
    return "" if primary(declared) in _SAME_SCRIPT.get(found, frozenset({found})) else found
