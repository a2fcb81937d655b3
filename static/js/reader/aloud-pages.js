/* What reading aloud needs to know about a book of pages: the sentences of the pages that are shown, and how to turn on. Pages
   without words are passed over. */

import { rangeIn, sentencesIn } from "./aloud-text.js";
import { mark } from "./marks.js";

const wordsOf = (leaf) => leaf.querySelector(".leaf-words");

export const makeSite = (reader) => {
  const { stage, settings } = reader;
  let isOwnMove = false;

  const rangeOf = (sentence, from, to) => {
    const shown = reader.shown.find(({ part }) => part === sentence.index);
    const root = shown && wordsOf(shown.leaf);
    return root && rangeIn(root, sentence, from, to);
  };
  const marks = (sentence, word = null) => {
    const whole = sentence && rangeOf(sentence);
    mark(document, "sentence", whole ? [whole] : []);
    mark(document, "word", word ? [word] : []);
  };
  /* An enlarged page shows the sentence in its middle. */
  const reveal = (sentence) => {
    const box = reader.zoom > 1 && rangeOf(sentence)?.getClientRects()[0];
    if (!box) return;
    const { left, right, top, bottom } = stage.getBoundingClientRect();
    if (box.left >= left && box.right <= right && box.top >= top && box.bottom <= bottom) return;
    stage.scrollBy(box.left - (left + right) / 2, box.top - (top + bottom) / 2);
  };
  const isReady = () => reader.shown.every(({ leaf, page }) => !page.words || wordsOf(leaf));
  const ready = () => {
    if (isReady()) return null;
    return new Promise((done) => {
      const look = () => {
        if (!isReady()) return;
        reader.events.removeEventListener("chapter", look);
        done();
      };
      reader.events.addEventListener("chapter", look);
    });
  };

  return {
    /* A promise if the words of the pages have not come yet. */
    ready,
    moved: () => !isOwnMove,
    sentences: () =>
      reader.shown.flatMap(({ leaf, part }) => {
        const root = wordsOf(leaf);
        return root ? sentencesIn(root, { index: part, language: settings.language }) : [];
      }),
    firstShown: () => 0,
    isShown: ({ index }) => reader.here().includes(index),
    show: (sentence) => {
      marks(sentence);
      reveal(sentence);
    },
    word: (sentence, from, to) => marks(sentence, rangeOf(sentence, from, to)),
    /* To the next pages; false at the end of the book. */
    next: async () => {
      marks(null);
      isOwnMove = true;
      reader.turn(true);
      isOwnMove = false;
      if (!reader.find("[data-reader-end]").hidden) return false;
      await ready();
      return true;
    },
    clear: () => marks(null),
  };
};
