/* The words at a place, and the place of words. White space and what the engine sets unseen do not count. */

const LENGTH = 160; // characters
const UNSEEN = /[\s\u00ad\u200b\u2060\ufeff]/g;

export const wordsOf = (range) => [...(range?.toString() ?? "").trimStart()].slice(0, LENGTH).join("");

/* Where the words begin in the chapter, as a range; of several places the one nearest to that share of it. Null: nowhere. */
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
