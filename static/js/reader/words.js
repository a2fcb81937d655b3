/* The text at a position, and the position of a text. White space and hidden text do not count. */

const LENGTH = 160; // characters
const UNSEEN = /[\s\u00ad\u200b\u2060\ufeff]/g;

export const wordsOf = (range) => [...(range?.toString() ?? "").trimStart()].slice(0, LENGTH).join("");

/* The range where the text begins in the chapter; of several, the one nearest to that fraction of it. Null if not found. */
export const rangeOf = (doc, words, share) => {
  const wanted = words.replace(UNSEEN, "");
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([text.length, node]);
    text += node.data.replace(UNSEEN, "");
  }
  let best = -1;
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + 1))
    if (best < 0 || Math.abs(at - share * text.length) < Math.abs(best - share * text.length)) best = at;
  if (best < 0) return null;
  const [start, node] = nodes.filter(([begin]) => begin <= best).at(-1);
  let offset = 0;
  for (let left = best - start; left > 0 || node.data[offset].match(UNSEEN); offset += 1)
    if (!node.data[offset].match(UNSEEN)) left -= 1;
  const range = doc.createRange();
  range.setStart(node, offset);
  range.setEnd(node, node.length);
  return range;
};
