"""Reading aloud without a browser: sentences, voices, and voices that fall silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.node import run_module

FAKE = Path(__file__).with_name("fake_speech.js").as_uri()
# Time that passes when it is told to: run(ms) does what was due until then.
CLOCK = """
let now = 0;
let due = [];
globalThis.setTimeout = (act, delay = 0, ...more) => {
  const one = { at: now + delay, act: () => act(...more) }; due.push(one);
  return one; };
globalThis.clearTimeout = (one) => { due = due.filter((other) => other !== one); };
const rest = async () => { for (let n = 0; n < 20; n += 1) await null; };
const run = async (ms) => {
  const end = now + ms;
  for (;;) {
    await rest();
    const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    now = Math.max(now, next.at);
    clearTimeout(next);
    next.act();
  }
  now = end;
};
"""


def sentences(text: str, language: str = "en") -> list[str]:
    script = """import { sentencesOf } from "$/sentences.js";
        const [text, language] = %s;
        answer(sentencesOf(text, language).map(([start, end]) => [...text].slice(start, end).join("")));"""
    found: list[str] = run_module(script % json.dumps([text, language]))
    return found


class TestSentences:
    def test_abbreviations_and_initials_end_none(self) -> None:
        text = "“Well,” said Mr. Pickwick. He met J. S. Bach. 𠮷 no! * * * Yes?"
        assert sentences(text) == ["“Well,” said Mr. Pickwick.", "He met J. S. Bach.", "𠮷 no!", "* * * Yes?"]

    def test_other_languages(self) -> None:
        assert sentences("Das ist z. B. so. Ja!", "de") == ["Das ist z. B. so.", "Ja!"]
        assert sentences("吾輩は猫である。名前はまだ無い。", "ja") == ["吾輩は猫である。", "名前はまだ無い。"]
        assert sentences("One. Two.", "not a language") == ["One.", "Two."]

    def test_long_ones_are_said_in_pieces(self) -> None:
        script = """import { piecesOf } from "$/sentences.js";
            const text = "and rain fell on the quay, " .repeat(20) + "x".repeat(400);
            const pieces = piecesOf(text, "en");
            answer([pieces.map(([start, end]) => text.slice(start, end)).join("") === text,
                    Math.max(...pieces.map(([start, end]) => end - start)), text.slice(...pieces[0]).slice(-6),
                    piecesOf("Short.", "en"), piecesOf("猫".repeat(100), "ja-JP").length]);"""
        assert run_module(script) == [True, 180, "quay, ", [[0, 6]], 2]


VOICES = [
    {"name": "Net", "lang": "en-US", "voiceURI": "net", "localService": False, "default": True},
    {"name": "Here", "lang": "en_GB", "voiceURI": "here", "localService": True, "default": False},
    {"name": "There", "lang": "en-US", "voiceURI": "there", "localService": True, "default": False},
    {"name": "Anna", "lang": "de-DE", "voiceURI": "anna", "localService": True, "default": False},
]


class TestVoices:
    @pytest.mark.parametrize(
        ("language", "chosen", "name"),
        [
            ("en-US", {}, "There"),
            ("en", {}, "Here"),
            ("en-GB", {"en": "net"}, "Net"),
            ("en", {"en": "gone"}, "Here"),
            ("de", {"en": "net"}, "Anna"),
            ("fr", {}, None),
        ],
    )
    def test_the_one_for_a_language(self, language: str, chosen: dict[str, str], name: str | None) -> None:
        script = 'import { voiceFor } from "$/voices.js"; answer(voiceFor(...%s)?.name ?? null);'
        assert run_module(script % json.dumps([VOICES, language, chosen])) == name


def said(options: dict[str, Any], text: str, milliseconds: int) -> Any:
    """What a fake voice was given to say, and how it ended."""
    script = (
        'import { makeSpeaker } from "$/speaker.js";'
        f'import {{ makeFakeSpeech }} from "{FAKE}";'
        + CLOCK
        + f"""const speech = makeFakeSpeech({json.dumps(options)});
        const told = [];
        const words = [];
        const text = {json.dumps(text)};
        makeSpeaker(speech).say({{ text, language: "en", voice: null, rate: 1,
            word: (at, length) => words.push(text.slice(at, at + length)),
            end: () => told.push(["end", now]), fail: (why) => told.push([why, now]) }});
        await run({milliseconds});
        answer([speech.synth.said.map(({{ text }}) => text), told, words]);"""
    )
    return run_module(script)


TEXT = "one two three four five six seven eight nine ten"


class TestSpeaker:
    def test_says_a_text_and_tells_its_words(self) -> None:
        assert said({"perLetter": 60}, TEXT, 60_000) == [[TEXT], [["end", 60 * len(TEXT)]], TEXT.split()]

    def test_a_voice_that_falls_silent_goes_on_with_its_last_word(self) -> None:
        """The voice stops after 14 s in each utterance."""
        texts, told, words = said({"perLetter": 500, "silentAfter": 14_000}, TEXT, 120_000)
        assert texts == [TEXT, "seven eight nine ten"]
        assert [what for what, _ in told] == ["end"]
        assert words == [*TEXT.split()[:7], *TEXT.split()[6:]]

    def test_without_boundaries_it_goes_on_with_what_comes_next(self) -> None:
        texts, told, _ = said({"perLetter": 500, "silentAfter": 14_000, "hasBoundaries": False}, TEXT, 120_000)
        assert (texts, [what for what, _ in told]) == ([TEXT], ["end"])
        assert told[0][1] < 20_000

    def test_a_voice_that_says_nothing_is_given_up(self) -> None:
        script = (
            'import { makeSpeaker } from "$/speaker.js";'
            f'import {{ makeFakeSpeech }} from "{FAKE}";'
            + CLOCK
            + """const speaker = makeSpeaker(makeFakeSpeech({ silentAfter: -1 }));
            const told = [];
            const say = () => speaker.say({ text: "Rain.", language: "en", voice: null, rate: 1, word: () => {},
                end: () => {
                told.push("end"); say(); }, fail: (why) => told.push(why) });
            say();
            await run(60_000);
            answer(told);"""
        )
        assert run_module(script) == ["end", "end", "silent"]


BOOK = """
import { makeNarrator } from "$/narrator.js";
import { makeSpeaker } from "$/speaker.js";
"""
SITE = """
const chapters = [["One.", "Two.", "Three.", "Four."], ["Five.", "Six."]];
const log = [];
let [chapter, page] = [0, 0]; // two sentences a page
const list = (index) => chapters[index].map((text, number) => ({ text, language: "en", index, number }));
const pageOf = ({ number }) => Math.floor(number / 2);
const site = {
  sentences: () => list(chapter),
  firstShown: (all) => all.findIndex((one) => pageOf(one) >= page),
  isShown: (one) => one.index === chapter && pageOf(one) === page,
  show: async (one) => { if (!site.isShown(one)) log.push(`page ${(page = pageOf(one)) + 1}`); log.push(one.text); },
  word: (one, start, end) => log.push(one.text.slice(start, end).toLowerCase()),
  next: async () => {
    if (chapter + 1 >= chapters.length) return false;
    [chapter, page] = [chapter + 1, 0]; log.push("chapter"); return true; },
  clear: () => log.push("clear"),
};
const speech = makeFakeSpeech({ perLetter: 100, hasBoundaries: given.hasBoundaries });
const narrator = makeNarrator({ site, speaker: makeSpeaker(speech), settings: { rate: 1 }, voiceOf: () => null,
    tell: (state) => log.push(state.failed ?? state) });
"""


def narrated(script: str, *, has_boundaries: bool = False) -> list[str]:
    found: list[str] = run_module(
        BOOK
        + f'import {{ makeFakeSpeech }} from "{FAKE}";'
        + f"const given = {json.dumps({'hasBoundaries': has_boundaries})};"
        + CLOCK
        + SITE
        + script
        + "\nanswer(log);"
    )
    return found


class TestNarrator:
    def test_turns_pages_and_goes_on_over_chapters_to_the_end(self) -> None:
        assert narrated("narrator.start(); await run(60_000);") == [
            "playing", "One.", "Two.", "page 2", "Three.", "Four.", "chapter", "Five.", "Six.", "clear", "ended",
        ]  # fmt: skip

    def test_tells_words_if_the_voice_does(self) -> None:
        assert narrated("narrator.start(); await run(700);", has_boundaries=True)[:5] == [
            "playing", "One.", "one.", "Two.", "two.",
        ]  # fmt: skip

    def test_a_pause_begins_the_sentence_again(self) -> None:
        script = "narrator.start(); await run(600); narrator.pause(); await run(5000);narrator.start(); await run(600);"
        assert narrated(script) == ["playing", "One.", "Two.", "paused", "playing", "Two.", "page 2", "Three."]

    def test_a_page_turned_in_mid_sentence_is_read_from_its_beginning(self) -> None:
        script = "narrator.start(); await run(200); page = 1; narrator.moved(); await run(300);"
        assert narrated(script) == ["playing", "One.", "Three."]

    def test_a_page_turned_while_paused_is_where_it_goes_on(self) -> None:
        script = "narrator.start(); await run(200); narrator.pause(); page = 1; narrator.moved(); await run(9000);"
        script += "narrator.start(); await run(100);"
        assert narrated(script) == ["playing", "One.", "paused", "playing", "Three."]

    def test_nothing_restarts_while_the_sentence_is_still_on_the_page(self) -> None:
        assert narrated("narrator.start(); await run(200); narrator.moved(); await run(100);") == ["playing", "One."]

    def test_goes_a_sentence_back_and_on(self) -> None:
        script = "narrator.start(); await run(600); narrator.step(-1); await run(100);narrator.step(1); await run(100);"
        assert narrated(script) == ["playing", "One.", "Two.", "One.", "Two."]

    def test_stops_at_once(self) -> None:
        script = "narrator.start(); await run(200); narrator.stop(); await run(60_000);"
        assert narrated(script) == ["playing", "One.", "clear", "stopped"]
