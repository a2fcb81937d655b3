/* Words marked in the text without touching it, so that places stay as they are: as CSS highlights, or drawn over the text by
   foliate's overlayer in a browser without them. */

const STYLE = `
  ::highlight(hit) { background: rgb(240 180 0 / .3); }
  ::highlight(hit-now) { background: rgb(240 120 0 / .5); }
  ::highlight(sentence) { background: rgb(120 170 230 / .35); }
  ::highlight(word) { background: rgb(90 150 230 / .55); }
  @media (forced-colors: active) {
    ::highlight(hit), ::highlight(sentence) { background: none; text-decoration: underline; }
    ::highlight(hit-now), ::highlight(word) { background: Highlight; color: HighlightText; }
  }`;
const COLOURS = { hit: "#f0b400", "hit-now": "#f07800", sentence: "#78aae6", word: "#5a96e6" };

const styled = new WeakSet();

const addStyle = (doc) => {
  if (styled.has(doc)) return;
  const style = doc.createElement("style");
  style.textContent = STYLE;
  (doc.head ?? doc.documentElement).append(style);
  styled.add(doc);
};

const drawn = new WeakMap(); // the keys drawn on each overlayer, by name

const draw = (overlayer, name, ranges) => {
  const keys = drawn.get(overlayer) ?? {};
  drawn.set(overlayer, keys);
  for (const key of keys[name] ?? []) overlayer.remove(key);
  keys[name] = ranges.map((range, number) => {
    overlayer.add(`${name}-${number}`, range, overlayer.constructor.highlight, { color: COLOURS[name] });
    return `${name}-${number}`;
  });
};

/* Mark the ranges of a document as `hit`, `hit-now`, `sentence` or `word`, in place of those marked before. */
export const mark = (doc, name, ranges, overlayer = null) => {
  const { CSS: css, Highlight } = doc.defaultView ?? {};
  if (!Highlight) {
    if (overlayer) draw(overlayer, name, ranges);
    return;
  }
  addStyle(doc);
  if (ranges.length) css.highlights.set(name, new Highlight(...ranges));
  else css.highlights.delete(name);
};
