/* Reads a book aloud, sentence by sentence: what comes next, and what pausing and turning pages mean. Without the DOM.

   `site` knows the book: sentences() of the chapter shown, firstShown() of them, show(sentence), word(sentence, start, end),
   isShown(sentence), next() to the next chapter, clear(). `tell` is called with the state: playing, paused, stopped, ended, or
   {failed: why}. */

import { piecesOf } from "./sentences.js";

const WORD = /^[^\s,.;:!?"“”()…—–]+/u;

/* Boundaries of some voices have no length. */
const wordLength = (text, at, length) => length || (text.slice(at).match(WORD)?.[0].length ?? 1);
const points = (text, end) => [...text.slice(0, end)].length;

export const makeNarrator = ({ site, speaker, settings, voiceOf, tell }) => {
  let sentences = [];
  let at = 0;
  let state = "stopped";
  let turn = 0; // of everything that is said: late answers of what was said before do not count

  const set = (next) => {
    state = next;
    tell(next);
  };

  const sayPieces = (sentence, pieces, mine) => {
    const [[start, end], ...rest] = pieces;
    const text = [...sentence.text].slice(start, end).join("");
    speaker.say({
      text,
      language: sentence.language,
      voice: voiceOf(sentence.language),
      rate: settings.rate,
      word: (from, length) => {
        if (mine !== turn) return;
        const to = from + wordLength(text, from, length);
        site.word(sentence, start + points(text, from), start + points(text, to));
      },
      end: () => {
        if (mine !== turn) return;
        if (rest.length) sayPieces(sentence, rest, mine);
        else play(at + 1);
      },
      fail: (why) => {
        if (mine !== turn) return;
        turn += 1;
        set("paused");
        tell({ failed: why });
      },
    });
  };

  /* Say the sentence with that number, and those after it. */
  const play = async (number) => {
    turn += 1;
    const mine = turn;
    at = number;
    if (state !== "playing") set("playing");
    while (at >= sentences.length) {
      const hasNext = await site.next();
      if (mine !== turn) return;
      if (!hasNext) return finish();
      [sentences, at] = [site.sentences(), 0];
    }
    const sentence = sentences[at];
    await site.show(sentence);
    if (mine === turn) sayPieces(sentence, piecesOf(sentence.text, sentence.language, settings.rate), mine);
  };
  const halt = () => {
    turn += 1;
    speaker.stop();
  };
  const finish = () => {
    halt();
    site.clear();
    set("ended");
  };

  return {
    isPlaying: () => state === "playing",
    /* From the first sentence on the page, or the one that was interrupted if it is still there. */
    start: () => {
      const current = sentences[at];
      if (current && site.isShown(current)) return play(at);
      sentences = site.sentences();
      return play(site.firstShown(sentences));
    },
    pause: () => {
      halt();
      set("paused");
    },
    stop: () => {
      halt();
      site.clear();
      sentences = [];
      set("stopped");
    },
    /* To the sentence before or after. */
    step: (by) => {
      if (!sentences.length) return;
      halt();
      return play(Math.max(0, at + by));
    },
    /* Somebody turned the page: reading goes on there, unless the sentence is still on it. */
    moved: () => {
      if (state === "stopped" || state === "ended") return;
      const current = sentences[at];
      if (current && site.isShown(current)) return;
      sentences = site.sentences();
      at = site.firstShown(sentences);
      if (state !== "playing") return;
      halt();
      return play(at);
    },
    /* Another voice or speed: the sentence begins again with it. */
    again: () => {
      if (state !== "playing") return;
      halt();
      return play(at);
    },
  };
};
