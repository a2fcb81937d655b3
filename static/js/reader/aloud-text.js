/* The sentences of a text that is read aloud: a chapter's document, or the words of a page. */

import { sentencesOf } from "./sentences.js";
import { blocksOf, rangeOf } from "./text.js";

const isNote = (element) => Boolean(element.closest("aside[role=doc-footnote]"));
const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
const languageOf = (node) => {
  const marked = elementOf(node)?.closest("[lang], [*|lang]");
  return marked?.getAttribute("lang") ?? marked?.getAttributeNS("http://www.w3.org/XML/1998/namespace", "lang") ?? "";
};

/* The words of a sentence, or some of its code points. */
export const rangeIn = (root, { block, start, length }, from = 0, to = length) => rangeOf(root, block, start + from, start + to);

const sentencesOfBlock = (root, { element, text }, block, { index, language }) =>
  sentencesOf(text, languageOf(element) || language).map(([start, end]) => ({
    index,
    block,
    start,
    length: end - start,
    text: [...text].slice(start, end).join(""),
    language: languageOf(rangeOf(root, block, start, end).commonAncestorContainer) || language,
  }));

/* All sentences but those of notes; `index` is the chapter's or the page's. */
export const sentencesIn = (root, about) =>
  blocksOf(root).flatMap((block, number) => (isNote(block.element) ? [] : sentencesOfBlock(root, block, number, about)));
