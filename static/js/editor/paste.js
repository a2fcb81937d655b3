/* What comes in from elsewhere: only what the schema has. A page that is pasted brings its words and the marks we know. */

import { Slice } from "prosemirror-model";

/* Parts that are pasted twice, or from another chapter, are only as new as their ids (ids.js). Objects of another chapter
   have no place here: their key says nothing. */
const withoutStrangers = (fragment, isKnown, schema) => {
  const kept = [];
  fragment.forEach((node) => {
    if (["notes", "note", "opaque"].includes(node.type.name)) return;
    if (node.type.name === "object" && !isKnown(node.attrs.key)) return;
    kept.push(node.isText ? node : node.copy(withoutStrangers(node.content, isKnown, schema)));
  });
  return fragment.constructor.fromArray(kept);
};

/* A note mark stands once in a chapter: a copy would be a second mark of one note. */
const objectsIn = (doc) => {
  const found = new Set();
  doc.descendants((node) => void (node.type.name === "object" && found.add(node.attrs.key)));
  return found;
};

/* What a style says of letters. Styles themselves are taken out: a page without inline styles would report each of them,
   and read none. */
const LOOKS = [
  ["strong", /font-weight\s*:\s*(bold|[6-9]\d\d)/i],
  ["thin", /font-weight\s*:\s*(normal|[1-4]00)/i],
  ["emphasis", /font-style\s*:\s*(italic|oblique)/i],
  ["small_caps", /font-variant(-caps)?\s*:\s*small-caps/i],
  ["superscript", /vertical-align\s*:\s*super/i],
  ["subscript", /vertical-align\s*:\s*sub(?!er)/i],
];
const STYLE = /\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const HANDLER = /\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const SILENT = /<(script|style)\b[\s\S]*?<\/\1\s*>/gi;

const looks = (style) => ` data-looks="${LOOKS.filter(([, pattern]) => pattern.test(style)).map(([name]) => name).join(" ")}"`;

/* The schema is what keeps anything out; this only spares the page its reports. */
const withLooks = (html) =>
  html.replace(SILENT, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(HANDLER, "").replace(STYLE, (_all, style) => looks(style)));

export const pasting = (chapter) => ({
  transformPastedHTML: withLooks,
  transformPasted: (slice, view) => {
    const objects = chapter().objects ?? {};
    const present = objectsIn(view.state.doc);
    const isKnown = (key) => objects[key] && (objects[key].kind !== "note" || !present.has(key));
    const content = withoutStrangers(slice.content, isKnown, view.state.schema);
    return content.size === slice.content.size ? slice : Slice.maxOpen(content);
  },
});
