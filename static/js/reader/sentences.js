/* Text in sentences, and sentences in pieces short enough for every voice: plain arithmetic without the DOM. */

// A full stop after these ends no sentence.
const ABBREVIATED =
  /(?:^|[\s("'“‘«„])(?:(?!I\.)\p{L}|M[rs]|Mrs|Mme|Mlle|Dr|Drs|Prof|St|Ste|Sr|Sra|Jr|Rev|Hon|Capt|Col|Gen|Lt|Sgt|Hr|Fr|Nr|No|Vol|vs|cf|ca|bzw|usw|etc)\.\s*$/u;
const HAS_LETTER = /[\p{L}\p{N}]/u;
// Chrome's own voices fall silent after 14 seconds: what they say in less, with something to spare.
const MAX_LENGTH = 180;
const MAX_LENGTH_UNSPACED = 60;
const UNSPACED = /^(?:ja|zh|ko|th|lo|km|my)\b/i;
const PAUSE = /[,;:…–—、，；：。)]/u;

const segments = (text, language) => {
  try {
    return [...new Intl.Segmenter(language || "en", { granularity: "sentence" }).segment(text)].map(({ segment }) => segment);
  } catch {
    return text.match(/[^.!?…。！？]+[.!?…。！？"'”’»)]*\s*|[.!?…。！？]+\s*/gu) ?? [text]; // an unknown language, an old browser
  }
};

/* The sentences of a text as [start, end] in code points, without the blanks between them. */
export const sentencesOf = (text, language) => {
  const joined = [];
  for (const segment of segments(text, language)) {
    const last = joined.at(-1);
    if (last !== undefined && (ABBREVIATED.test(last) || !HAS_LETTER.test(segment) || !HAS_LETTER.test(last)))
      joined[joined.length - 1] += segment;
    else joined.push(segment);
  }
  let at = 0;
  return joined.flatMap((sentence) => {
    const start = at;
    at += [...sentence].length;
    const end = start + [...sentence.trimEnd()].length;
    return HAS_LETTER.test(sentence) ? [[start, end]] : [];
  });
};

/* The last place to break within the first `most` characters: after a pause, else after a blank, else there. */
const breakIn = (letters, most) => {
  const before = letters.slice(0, most);
  const pause = before.findLastIndex((letter) => PAUSE.test(letter));
  if (pause > most / 3) return pause + (letters[pause + 1] === " " ? 2 : 1);
  const blank = before.lastIndexOf(" ");
  return blank > 0 ? blank + 1 : most;
};

/* A sentence in pieces that are spoken one after the other: [start, end] in its code points. */
export const piecesOf = (sentence, language, rate = 1) => {
  const most = Math.max(20, Math.round((UNSPACED.test(language) ? MAX_LENGTH_UNSPACED : MAX_LENGTH) * Math.min(rate, 1.5)));
  const letters = [...sentence];
  const pieces = [];
  let start = 0;
  while (letters.length - start > most) {
    const length = breakIn(letters.slice(start), most);
    pieces.push([start, start + length]);
    start += length;
  }
  return [...pieces, [start, letters.length]];
};
