"""Word lists for the checks, by language."""

from __future__ import annotations


def words(text: str, between: str | None = None) -> frozenset[str]:
    """Return the words of a list written as text."""
    return frozenset(text.split(between))


_OUR = (
    "colour favour honour labour neighbour behaviour harbour humour rumour savour vapour vigour flavour parlour odour "
    "armour endeavour"
)
_OUR_ENDINGS = ("", "s", "ed", "ing", "able", "ite", "ful", "less", "hood", "y")
_OTHERS = (
    "centre center, centres centers, theatre theater, theatres theaters, fibre fiber, fibres fibers, litre liter, "
    "litres liters, metres meters, sombre somber, lustre luster, spectre specter, grey gray, greyish grayish, "
    "defence defense, offence offense, pretence pretense, travelled traveled, travelling traveling, "
    "traveller traveler, travellers travelers, cancelled canceled, cancelling canceling, counsellor counselor, "
    "quarrelled quarreled, quarrelling quarreling, signalled signaled, marvellous marvelous, jewellery jewelry, "
    "woollen woolen, plough plow, ploughed plowed, pyjamas pajamas, sceptical skeptical, sceptic skeptic, "
    "moustache mustache, mould mold, mouldy moldy, aluminium aluminum, cosy cozy, skilful skillful, wilful willful, "
    "fulfil fulfill, enrol enroll, instalment installment, ageing aging, manoeuvre maneuver, anaemic anemic"
)
_ISE = (
    "realise recognise organise apologise sympathise emphasise criticise civilise memorise specialise symbolise "
    "summarise characterise generalise minimise maximise authorise"
)
_SAME_IN_BOTH = frozenset({"vapory", "armory", "honorable"})


def _spellings() -> dict[str, str]:
    pairs = {word[:-2] + "r" + ending: word + ending for word in _OUR.split() for ending in _OUR_ENDINGS}
    for pair in _OTHERS.split(", "):
        british, american = pair.split()
        pairs[american] = british
    return {american: british for american, british in pairs.items() if american not in _SAME_IN_BOTH}


AMERICAN = _spellings()  # American spelling -> British spelling
ISE = {word[:-2] + "ze" + ending: word + ending for word in _ISE.split() for ending in ("", "d", "s")}
ISE |= {word[:-2] + "zing": word[:-1] + "ing" for word in _ISE.split()}

# Small words that are hardly ever repeated on purpose.
DOUBLED: dict[str, frozenset[str]] = {
    "en": words(
        "the a an and of to for with from at as by we they he she I is are was were or but if be this these my your "
        "his our their"
    ),
    "de": words(
        "und ist sind war ein eine einen dem den des mit von zu auf aus für ich er wir oder aber wenn dass nicht im am"
    ),
    "fr": words("le les des un une et est dans pour avec sur par mais ou je il elle de du au"),
    "es": words("el los las un una y en con por para pero se es de del al lo"),
    "it": words("il lo gli un una e è in con per ma di del della al"),
    "pt": words("o os um uma e em com por para mas de do da ao"),
    "nl": words("de een en van in met op voor maar of ik wij ze te"),
    "sv": words("och att en ett på med för av som jag vi men till"),
}

# Common words as scanners misread them; none is a real word.
OCR: dict[str, frozenset[str]] = {
    "en": words(
        "tbe tlie tlic thc tiie tbat tliat wliich wbich whicb liis wlien wben tliis tbis tbey tliey witb witli bave "
        "liave aud ofthe inthe tothe onthe andthe sbe wlio wbo wbat wliat"
    ),
    "de": words("uud nnd dcr dcn dic nichl nichi sicb icb aucb wnrde wurdc"),
}

# So frequent that some sixty words without any of them must be in another language.
COMMON: dict[str, tuple[str, ...]] = {
    "en": ("the", "and", "of", "to", "a", "in", "it", "was", "you", "that", "he", "is"),
    "de": ("und", "die", "der", "das", "nicht", "zu", "ich", "es", "in", "ist", "er", "den"),
    "fr": ("de", "et", "la", "le", "les", "que", "il", "des", "un", "en", "à", "pas"),
    "es": ("de", "que", "la", "y", "el", "en", "a", "no", "se", "los", "un", "lo"),
    "it": ("di", "e", "che", "la", "il", "non", "un", "a", "in", "per", "le", "si"),
    "pt": ("de", "que", "e", "a", "o", "não", "do", "em", "um", "se", "os", "da"),
    "nl": ("de", "het", "en", "een", "van", "ik", "dat", "te", "is", "in", "niet", "was"),
    "sv": ("och", "att", "det", "i", "en", "som", "på", "är", "jag", "han", "av", "den"),
}

VAGUE_LINKS = words(
    "here|click here|this link|link|this|click|more|read more|website|hier|hier klicken|mehr|ici|cliquez ici|lien|"
    "aqui|haz clic aqui|enlace|qui|clicca qui|klik hier|her|har|tu|kliknij tutaj",
    "|",
)
EMPTY_DESCRIPTIONS = words(
    "image|picture|photo|photograph|graphic|illustration|figure|alt text|alt|description|drawing|diagram|bild|"
    "abbildung|foto|imagen|immagine|a picture|an image|image of|picture of|photo of|placeholder|untitled",
    "|",
)
NOBODY = words(
    "author|unknown|unknown author|admin|administrator|user|owner|microsoft office user|windows user|your name|"
    "author name|name|pc|default|guest|home|autor|unbekannt|auteur|python-docx",
    "|",
)
