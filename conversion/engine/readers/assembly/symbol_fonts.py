"""Letters of the fonts Symbol and Wingdings as the characters they show.

Word stores them as U+F020 to U+F0FF with the font's name, or as plain letters in that font.
"""

from __future__ import annotations

UNKNOWN = "\u25aa"  # a small square: there is a sign, and no character for it
_SYMBOL = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x23: "✁", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x3E: "✇", 0x3F: "✍", 0x41: "✌",
    0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x4E: "☠", 0x51: "✈", 0x52: "☼",
    0x54: "❄", 0x56: "✞", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x5B: "☯", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□",
    0x71: "❑", 0x72: "❒", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x78: "⌧", 0x7B: "❀", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞",
    0x80: "⓪", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧", 0x89: "⑨",
    0x8A: "⑩", 0x8B: "⓿", 0x8C: "❶", 0x8D: "❷", 0x8E: "❸", 0x8F: "❹", 0x90: "❺", 0x91: "❻", 0x92: "❼", 0x93: "❽",
    0x94: "❾", 0x95: "❿", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "◻", 0xAA: "✦", 0xAB: "★",
    0xAC: "✶", 0xAD: "✴", 0xAE: "✹", 0xB1: "⌖", 0xB7: "🕐", 0xD5: "⌫", 0xD6: "⌦", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_FONTS: dict[str, dict[int, str]] = {
    "symbol": dict(enumerate(_SYMBOL, 0x20)) | dict(enumerate(_SYMBOL_HIGH, 0xA0)),
    "wingdings": _WINGDINGS,
}


def is_symbol_font(name: str) -> bool:
    """True for a font whose letters are signs."""
    return name.lower() in _FONTS or name.lower().startswith(("wingdings", "webdings"))


def shown(code: int, font: str) -> str:
    """The character for a code of a symbol font; a plain bullet for Symbol's, a square where none is known."""
    signs = _FONTS.get(font.lower(), _FONTS["wingdings"])
    code = code - 0xF000 if 0xF020 <= code <= 0xF0FF else code
    if code == 0xB7 and font.lower() != "wingdings":
        return "•"
    return signs.get(code, UNKNOWN if code > 0x20 else " ")


def translate(text: str, font: str) -> str:
    """Text in a symbol font as it shows; other fonts only where a private character is used."""
    if is_symbol_font(font):
        return "".join(shown(ord(char), font) if ord(char) < 0x100 or char >= "\uf000" else char for char in text)
    return "".join(shown(ord(char), "") if "\uf020" <= char <= "\uf0ff" else char for char in text)
