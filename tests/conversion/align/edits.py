"""A next edition of a book, with the truth: every word keeps a number through all edits.

Knows nothing of the aligner; words are divided by a rule of its own.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

_HAN_AND_KANA = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_HAN_AND_KANA}]|[^\W_{_HAN_AND_KANA}]+(?:['’][^\W_{_HAN_AND_KANA}]+)*")
_IS_HAN_OR_KANA = re.compile(rf"[{_HAN_AND_KANA}]")
_OTHER_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", '"': "«", "「": "『", "」": "』"})
_MAX_NOTE_LENGTH = 90
_FAR = 20  # blocks that a moved paragraph moves at least


@dataclass(slots=True)
class Word:
    id: int
    text: str
    after: str  # what follows: blanks and marks


@dataclass(slots=True)
class Paragraph:
    words: list[Word]
    before: str = ""
    opens_chapter: bool = False

    @property
    def text(self) -> str:
        return self.before + "".join(word.text + word.after for word in self.words)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of words `first` to `last`, both included."""
        lengths = [len(word.text) + len(word.after) for word in self.words]
        start = len(self.before) + sum(lengths[:first])
        return start, start + sum(lengths[first:last]) + len(self.words[last].text)


@dataclass(slots=True)
class Note:
    """Words of one or two blocks, and their range: block and offset of start and end."""

    ids: list[int]
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass
class Edition:
    paragraphs: list[Paragraph]
    fresh: Iterator[int] = field(default_factory=lambda: count(1))

    def texts(self) -> list[str]:
        return [paragraph.text for paragraph in self.paragraphs]

    def words(self) -> dict[int, str]:
        return {word.id: word.text for paragraph in self.paragraphs for word in paragraph.words}

    def copy(self) -> Edition:
        paragraphs = [replace(one, words=[replace(word) for word in one.words]) for one in self.paragraphs]
        return Edition(paragraphs, self.fresh)

    def words_in(self, start: tuple[int, int], end: tuple[int, int]) -> list[int]:
        """The numbers of the words that a range touches."""
        found = []
        for block in range(start[0], end[0] + 1):
            offset = len(self.paragraphs[block].before)
            for word in self.paragraphs[block].words:
                low = start[1] if block == start[0] else 0
                high = end[1] if block == end[0] else 1 << 30
                if offset < high and offset + len(word.text) > low:
                    found.append(word.id)
                offset += len(word.text) + len(word.after)
        return found


def edition(blocks: Iterable[tuple[int, str]]) -> Edition:
    """A first edition from blocks with the number of their chapter."""
    result = Edition([])
    last = -1
    for part, text in blocks:
        matches = list(_WORD.finditer(text))
        ends = [match.start() for match in matches[1:]] + [len(text)]
        words = (
            [
                Word(next(result.fresh), match[0], text[match.end() : end])
                for match, end in zip(matches, ends, strict=True)
            ]
            if matches
            else []
        )
        before = text[: matches[0].start()] if matches else text
        result.paragraphs.append(Paragraph(words, before, part != last))
        last = part
    return result


def notes(book: Edition, chance: random.Random, number: int) -> list[Note]:
    """Notes of 1 to 90 words, the short ones more often; those that outlast their block go on in the next."""
    made: list[Note] = []
    filled = [index for index, paragraph in enumerate(book.paragraphs) if paragraph.words]
    weights = [len(book.paragraphs[index].words) for index in filled]
    while len(made) < number:
        block = chance.choices(filled, weights)[0]
        words = book.paragraphs[block].words
        first = chance.randrange(len(words))
        wanted = round(math.exp(chance.uniform(0, math.log(_MAX_NOTE_LENGTH))))
        last = min(first + wanted, len(words)) - 1
        ids = [word.id for word in words[first : last + 1]]
        low, high = book.paragraphs[block].span(first, last)
        end = block, high
        if wanted > len(ids) and block + 1 < len(book.paragraphs) and book.paragraphs[block + 1].words:
            following = book.paragraphs[block + 1]
            rest = min(wanted - len(ids), len(following.words))
            ids += [word.id for word in following.words[:rest]]
            end = block + 1, following.span(0, rest - 1)[1]
        made.append(Note(ids, (block, low), end))
    return made


# ---------------------------------------------------------------- edits


class Editor:
    """Makes the next edition. Where an edit falls is decided by `aim`: on noted words, or anywhere."""

    def __init__(self, book: Edition, chance: random.Random, aimed_at: Sequence[Note] = ()) -> None:
        self.book = book.copy()
        self.chance = chance
        self.ids = [number for note in aimed_at for number in note.ids]
        self.notes = list(aimed_at)
        everything = [word for paragraph in book.paragraphs for word in paragraph.words]
        self.vocabulary = [word.text for word in chance.sample(everything, min(5000, len(everything)))]
        self.is_spaceless = sum(bool(_IS_HAN_OR_KANA.match(word)) for word in self.vocabulary) * 2 > len(
            self.vocabulary
        )

    def fifty_edits(self) -> Edition:
        """The edits of an ordinary correction, and a foreword."""
        kinds: list[tuple[Callable[[], bool], int]] = [
            (self.typo, 18), (self.rewrite, 8), (self.insert, 4), (self.delete, 4), (self.turn_about, 3),
            (self.move, 7), (self.split, 2), (self.join, 1), (self.drop, 1), (self.rename, 1), (self.cut_chapter, 1),
        ]  # fmt: skip
        edits = [edit for edit, times in kinds for _ in range(times)]
        self.chance.shuffle(edits)
        for edit in edits:
            while not edit():
                pass
        self.foreword()
        return self.book

    def everywhere(self) -> Edition:
        """Every quotation mark and the commonest name are others. A renamed word is a new one."""
        name = self._commonest_name()
        new = self._word(len(name))
        for paragraph in self.book.paragraphs:
            paragraph.before = paragraph.before.translate(_OTHER_QUOTES)
            texts = [word.text for word in paragraph.words]
            for word in paragraph.words:
                word.after = word.after.translate(_OTHER_QUOTES)
            for start in range(len(texts) - len(name) + 1):
                if texts[start : start + len(name)] == name:
                    for word, text in zip(paragraph.words[start:], new, strict=False):
                        word.id, word.text = next(self.book.fresh), text
        return self.book

    def _commonest_name(self) -> list[str]:
        lists = [[word.text for word in paragraph.words] for paragraph in self.book.paragraphs]
        if self.is_spaceless:
            pairs = Counter(
                (one, other) for texts in lists for one, other in pairwise(texts)
                if one > "\u4e00" and other > "\u4e00"
            )  # fmt: skip
            return list(pairs.most_common(1)[0][0])
        lower = {text for texts in lists for text in texts if text.islower()}
        names = Counter(
            text
            for texts in lists
            for text in texts[1:]
            if text.istitle() and text.lower() not in lower and len(text) > 3
        )
        return [names.most_common(1)[0][0]]

    def _word(self, length: int) -> list[str]:
        return [self.chance.choice("蓮鷹椿霧") for _ in range(length)] if self.is_spaceless else ["Marigold"]

    def _target(self) -> tuple[int, int]:
        """A block and one of its words."""
        filled = [index for index, paragraph in enumerate(self.book.paragraphs) if paragraph.words]
        if self.notes:
            wanted = self.chance.choice(self.chance.choice(self.notes).ids)
            for index in filled:
                for place, word in enumerate(self.book.paragraphs[index].words):
                    if word.id == wanted:
                        return index, place
            return self._target()
        block = self.chance.choices(filled, [len(self.book.paragraphs[index].words) for index in filled])[0]
        return block, self.chance.randrange(len(self.book.paragraphs[block].words))

    def _made_up(self, number: int) -> list[Word]:
        blank = "" if self.is_spaceless else " "
        return [Word(next(self.book.fresh), self.chance.choice(self.vocabulary), blank) for _ in range(number)]

    def _length(self, low: int, high: int) -> int:
        return self.chance.randint(low, high) * (3 if self.is_spaceless else 1)

    def typo(self) -> bool:
        block, place = self._target()
        word = self.book.paragraphs[block].words[place]
        at = self.chance.randrange(len(word.text))
        other = self.chance.choice(self.vocabulary)[0]
        if len(word.text) == 1:
            word.text = other
            return True
        word.text = self.chance.choice(
            (
                word.text[:at] + word.text[at + 1 :],
                word.text[:at] + word.text[at] + word.text[at:],
                word.text[:at] + other + word.text[at + 1 :],
                word.text[: at - 1] + word.text[at] + word.text[at - 1] + word.text[at + 1 :]
                if at
                else word.text + "s",
            )
        )
        return True

    def rewrite(self) -> bool:
        block, place = self._target()
        words = self.book.paragraphs[block].words
        length = min(self._length(3, 8), len(words) - place)
        made = self._made_up(max(1, length + self.chance.randint(-2, 2)))
        made[-1].after = words[place + length - 1].after
        words[place : place + length] = made
        return True

    def insert(self) -> bool:
        block, place = self._target()
        self.book.paragraphs[block].words[place:place] = self._made_up(self._length(3, 15))
        return True

    def delete(self) -> bool:
        block, place = self._target()
        words = self.book.paragraphs[block].words
        length = self._length(3, 15)
        if len(words) <= length:
            return False
        del words[place : place + length]
        return True

    def turn_about(self) -> bool:
        block, _ = self._target()
        words = self.book.paragraphs[block].words
        if len(words) < 8:
            return bool(self.notes) and self.chance.random() < 0.1  # noted blocks may all be short
        middle = self.chance.randint(len(words) // 3, 2 * len(words) // 3)
        words[:] = words[middle:] + words[:middle]
        words[len(words) - middle - 1].after += " "
        return True

    def move(self) -> bool:
        block, _ = self._target()
        paragraph = self.book.paragraphs.pop(block)
        far = [index for index in range(len(self.book.paragraphs)) if abs(index - block) >= _FAR]
        self.book.paragraphs.insert(self.chance.choice(far or [0]), paragraph)
        return True

    def split(self) -> bool:
        block, place = self._target()
        paragraph = self.book.paragraphs[block]
        if len(paragraph.words) < 4:
            return False
        place = min(max(place, 2), len(paragraph.words) - 2)
        self.book.paragraphs.insert(block + 1, Paragraph(paragraph.words[place:]))
        del paragraph.words[place:]
        return True

    def join(self) -> bool:
        block, _ = self._target()
        if block + 1 >= len(self.book.paragraphs):
            return False
        following = self.book.paragraphs.pop(block + 1)
        words = self.book.paragraphs[block].words
        words[-1].after += " " + following.before
        words += following.words
        return True

    def drop(self) -> bool:
        del self.book.paragraphs[self._target()[0]]
        return True

    def rename(self) -> bool:
        heads = [paragraph for paragraph in self.book.paragraphs if paragraph.opens_chapter and paragraph.words]
        if heads:
            self.chance.choice(heads).words[:] = self._made_up(3)
        return True

    def cut_chapter(self) -> bool:
        block, _ = self._target()
        self.book.paragraphs.insert(block, Paragraph(self._made_up(2), opens_chapter=True))
        return True

    def foreword(self) -> None:
        made = [Paragraph(self._made_up(length), opens_chapter=length == 1) for length in (1, 60, 90, 40)]
        self.book.paragraphs[:0] = made


def next_edition(book: Edition, kind: str, chance: random.Random, noted: Sequence[Note]) -> Edition:
    """The next edition by the rules of a set: `random`, `aimed` or `global`."""
    editor = Editor(book, chance, () if kind == "random" else noted)
    edited = editor.fifty_edits()
    return editor.everywhere() if kind == "global" else edited
