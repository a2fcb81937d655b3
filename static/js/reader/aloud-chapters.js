/* What reading aloud needs to know about a book of chapters: its sentences, which of them are on the page, and how to turn to
   the next. */

import { rangeIn, sentencesIn } from "./aloud-text.js";
import { mark } from "./marks.js";

const OWN_MOVE_MS = 300; // scrolling tells where it stopped a little later
const MAX_LAST_TURNS = 3; // from the end of the last chapter to the end of the book

export const makeSite = (reader) => {
  const { settings, view } = reader;
  const stage = reader.find("[data-reader-stage]");
  let visible = null; // {index, range} of what is on the page
  let current = 0; // the index of the chapter that is read; when scrolling, several are shown
  let ownMoves = 0;

  const shown = (wanted) => {
    const contents = view.renderer.getContents();
    return contents.find(({ index }) => index === wanted) ?? contents[0];
  };

  const isOnScreen = (range) => {
    const words = range.getBoundingClientRect();
    const frame = range.startContainer.ownerDocument.defaultView.frameElement.getBoundingClientRect();
    const screen = stage.getBoundingClientRect();
    const [top, left] = [frame.top + words.top, frame.left + words.left];
    return top < screen.bottom && top + words.height > screen.top && left < screen.right && left + words.width > screen.left;
  };
  /* Whether a sentence is before the page (-1), on it (0) or after it (1). */
  const sideOf = (sentence) => {
    const range = rangeIn(shown(sentence.index).doc, sentence);
    if (reader.look.flow === "scrolled" && isOnScreen(range)) return 0;
    if (sentence.index !== visible?.index) return sentence.index < (visible?.index ?? 0) ? -1 : 1;
    if (visible.range.comparePoint(range.startContainer, range.startOffset) > 0) return 1;
    return visible.range.comparePoint(range.endContainer, range.endOffset) < 0 ? -1 : 0;
  };
  const begins = (sentence) => {
    if (sentence.index !== visible.index) return true;
    const range = rangeIn(visible.range.startContainer.ownerDocument, sentence);
    return visible.range.comparePoint(range.startContainer, range.startOffset) >= 0;
  };

  const goTo = async (target) => {
    ownMoves += 1;
    try {
      return await reader.queue(() => reader.goTo(target));
    } finally {
      setTimeout(() => (ownMoves -= 1), OWN_MOVE_MS);
    }
  };
  const marks = (sentence, word = null) => {
    for (const { doc, index, overlayer } of view.renderer.getContents()) {
      const isHere = sentence?.index === index;
      mark(doc, "sentence", isHere ? [rangeIn(doc, sentence)] : [], overlayer);
      mark(doc, "word", isHere && word ? [word] : [], overlayer);
    }
  };

  const moved = ({ detail }) => {
    visible = detail.range ? { index: detail.section.current, range: detail.range } : null;
    if (ownMoves === 0 && visible) current = visible.index;
    return ownMoves === 0;
  };
  if (view.lastLocation) moved({ detail: view.lastLocation });

  return {
    /* Called with where the reader is: true if somebody else moved it there. */
    moved,
    sentences: () => sentencesIn(shown(current).doc, { index: current, language: settings.language }),
    /* The first sentence that begins on the page; if none does, the one that goes over it. */
    firstShown: (sentences) => {
      const first = sentences.findIndex((sentence) => sideOf(sentence) === 0 && begins(sentence));
      if (first >= 0) return first;
      const over = sentences.findIndex((sentence) => sideOf(sentence) >= 0);
      return over < 0 ? sentences.length : over;
    },
    isShown: (sentence) => sideOf(sentence) === 0,
    show: async (sentence) => {
      if (sideOf(sentence) !== 0)
        await goTo({ index: sentence.index, anchor: (doc) => rangeIn(doc, sentence) ?? 0 });
      marks(sentence);
    },
    word: (sentence, from, to) => {
      const word = rangeIn(shown(sentence.index).doc, sentence, from, to);
      if (!word) return;
      marks(sentence, word);
      if (sentence.index !== visible?.index || (reader.look.flow === "scrolled" && isOnScreen(word))) return;
      if (visible.range.comparePoint(word.startContainer, word.startOffset) > 0) goTo({ index: sentence.index, anchor: word });
    },
    /* To the next chapter; false at the end of the book. */
    next: async () => {
      current += 1;
      marks(null);
      if (settings.chapters[current]) return goTo({ index: current, anchor: 0 });
      current -= 1;
      await goTo({ index: current, anchor: 1 }); // behind the notes, where the end of the book is
      const end = reader.find("[data-reader-end]");
      for (let turns = 0; end.hidden && turns < MAX_LAST_TURNS; turns += 1) await reader.queue(() => reader.step(true));
      return false;
    },
    clear: () => marks(null),
  };
};
