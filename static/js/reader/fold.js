/* Text as search compares it: without case, accents and kinds of quotation marks and dashes. The server does the same
   (storefront/reading/folding.py). Letters are folded one by one, which keeps the way back: "ß" becomes two letters. */

const QUOTES = "\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟＂＇";
const DASHES = "-‐‑‒–—―−﹘﹣－";
// Accents of Latin, Greek and Cyrillic letters, and the vowel signs of Hebrew and Arabic.
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/g;
// Letters that do not decompose into a base letter and an accent.
const LETTERS = { ł: "l", ø: "o", đ: "d", ı: "i", æ: "ae", œ: "oe", þ: "th", ð: "d" };
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const FOLDED_FOR_SURE = /^[a-z0-9 .,;:!?()'\-\n]*$/;
const TO_FOLD = /[^a-z0-9 .,;:!?()'\-\n]/gu;

const known = new Map([...QUOTES].map((one) => [one, "'"]).concat([...DASHES].map((one) => [one, "-"])));

export const foldLetter = (letter) => {
  let found = known.get(letter);
  if (found === undefined) {
    const parts = [...letter.toUpperCase()].map((one) => one.toLowerCase()).join("").normalize("NFKD").replace(ACCENTS, "");
    found = [...parts.toLowerCase()].map((one) => LETTERS[one] ?? one).join("").normalize("NFC");
    known.set(letter, found);
  }
  return found;
};

export const fold = (text) => (FOLDED_FOR_SURE.test(text) ? text : text.replace(TO_FOLD, foldLetter));

/* What somebody typed: white space and invisible letters as in the text of books. */
export const foldQuery = (text) =>
  fold(text.replace(INVISIBLE, "").normalize("NFC").replace(SPACE, " ").replace(/^ | $/g, ""));

/* The offsets in the text, in code points, of what is from `start` to `end` in its folded text. */
export const unfold = (text, start, end) => {
  let at = 0;
  let offset = 0;
  let from = -1;
  for (const letter of text) {
    if (at >= end) break;
    const next = at + foldLetter(letter).length;
    if (from < 0 && next > start) from = offset;
    at = next;
    offset += 1;
  }
  return [from, offset];
};
