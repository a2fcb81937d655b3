/* The editor's schema: the Book's closed set of elements. What has no place in it cannot get into a chapter, whatever is
   pasted. Blocks carry the attributes that the engine gave them as they came; a command replaces the whole object. */

import { Schema } from "prosemirror-model";

const MAX_SPAN = 200;
const ALIGNMENTS = { center: "center", end: "end" };
const SAFE_LINK = /^(https?:\/\/|mailto:|#)/i;
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const IGNORED = "script, style, head, title, template, noscript, iframe, object, embed, svg, math, canvas, audio, video, select, textarea, button";

export const isSafeLink = (href) => SAFE_LINK.test(href);
export const isLanguage = (code) => LANGUAGE.test(code);

/* The attributes of an element that was copied from the editor; of any other there are none. */
const copied = (element) => {
  try {
    const found = JSON.parse(element.dataset.attributes ?? "{}");
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
};

const fromElement = (extra) => (element) => ({
  id: element.dataset.id ?? "",
  from: element.dataset.from ?? "",
  attributes: { ...copied(element), ...extra?.(element) },
});

const onElement = ({ attrs: { id, from, attributes } }, extra = {}) => {
  const { lang, direction, align } = attributes;
  const shown = { "data-id": id, ...extra };
  if (from) shown["data-from"] = from;
  if (Object.keys(attributes).length) shown["data-attributes"] = JSON.stringify(attributes);
  if (isLanguage(lang ?? "")) shown.lang = lang;
  if (direction === "rtl" || direction === "ltr") shown.dir = direction;
  if (ALIGNMENTS[align]) shown["data-align"] = ALIGNMENTS[align];
  if (typeof attributes.role === "string" && attributes.role) shown["data-role"] = attributes.role;
  return shown;
};

const ATTRS = { id: { default: "" }, from: { default: "" }, attributes: { default: {} } };

/* A block of the element `tag`. By key: only what was copied from the editor becomes one again. */
const block = (tag, content, { isByKey = false, group = "block", ...more } = {}) => ({
  content,
  group,
  attrs: ATTRS,
  parseDOM: [{ tag: isByKey ? `${tag}[data-id]` : tag, getAttrs: fromElement() }],
  toDOM: (node) => [tag, onElement(node), 0],
  ...more,
});

const inner = (tag, content, more) => block(tag, content, { isByKey: true, group: "", ...more });

const HEADINGS = [1, 2, 3, 4, 5, 6];
const headingOf = ({ attrs }) => `h${HEADINGS.includes(attrs.attributes.level) ? attrs.attributes.level : 2}`;

/* What a pasted cell is; a copied one has its own attributes. */
const shapeOfCell = ({ tagName, colSpan, rowSpan, dataset }) => {
  if (dataset.id) return {};
  const shape = tagName === "TH" ? { header: true } : {};
  if (colSpan > 1 && colSpan <= MAX_SPAN) shape.colspan = colSpan;
  if (rowSpan > 1 && rowSpan <= MAX_SPAN) shape.rowspan = rowSpan;
  return shape;
};

const nodes = {
  doc: { content: "block+ notes?" },
  paragraph: block("p", "inline*"),
  heading: {
    ...block("h2", "inline*", { defining: true }),
    parseDOM: HEADINGS.map((level) => ({ tag: `h${level}`, getAttrs: fromElement(() => ({ level })) })),
    toDOM: (node) => [headingOf(node), onElement(node), 0],
  },
  quotation: block("blockquote", "block+", { defining: true }),
  list: {
    ...block("ul", "item+"),
    parseDOM: [
      { tag: "ul", getAttrs: fromElement() },
      { tag: "ol", getAttrs: fromElement(() => ({ ordered: true })) },
    ],
    toDOM: (node) => {
      const { ordered, start, style } = node.attrs.attributes;
      const shown = onElement(node);
      if (ordered && Number.isInteger(start)) shown.start = start;
      if (ordered && style) shown["data-style"] = style;
      return [ordered ? "ol" : "ul", shown, 0];
    },
  },
  item: inner("li", "block+", { defining: true, parseDOM: [{ tag: "li", getAttrs: fromElement() }] }),
  verse: block("div", "stanza+", {
    parseDOM: [{ tag: "div[data-verse]", getAttrs: fromElement() }],
    toDOM: (node) => ["div", onElement(node, { "data-verse": "" }), 0],
  }),
  stanza: inner("div", "line+", {
    parseDOM: [{ tag: "div[data-stanza]", getAttrs: fromElement() }],
    toDOM: (node) => ["div", onElement(node, { "data-stanza": "" }), 0],
  }),
  line: inner("p", "inline*", {
    parseDOM: [{ tag: "p[data-line]", getAttrs: fromElement(), priority: 60 }],
    toDOM: (node) => {
      const { indent } = node.attrs.attributes;
      return ["p", onElement(node, indent > 0 ? { "data-line": "", "data-indent": String(Math.min(indent, 9)) } : { "data-line": "" }), 0];
    },
  }),
  code_block: {
    ...block("pre", "text*", { code: true, marks: "", defining: true }),
    parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: fromElement() }],
    toDOM: (node) => ["pre", onElement(node), ["code", 0]],
  },
  scene_break: {
    group: "block",
    attrs: ATTRS,
    parseDOM: [{ tag: "hr", getAttrs: fromElement() }],
    toDOM: (node) => ["hr", onElement(node)],
  },
  figure: block("figure", "caption?", { isByKey: true, isolating: true }),
  caption: inner("figcaption", "inline*", { isolating: true, defining: true }),
  table_caption: inner("caption", "inline*", { isolating: true, defining: true }),
  aside: block("aside", "block+", { isByKey: true, defining: true, isolating: true }),
  definitions: block("div", "definition+", {
    isolating: true,
    parseDOM: [{ tag: "div[data-definitions]", getAttrs: fromElement() }],
    toDOM: (node) => ["div", onElement(node, { "data-definitions": "" }), 0],
  }),
  definition: inner("div", "term block*", {
    isolating: true,
    parseDOM: [{ tag: "div[data-definition]", getAttrs: fromElement() }],
    toDOM: (node) => ["div", onElement(node, { "data-definition": "" }), 0],
  }),
  term: inner("p", "inline*", {
    isolating: true,
    parseDOM: [{ tag: "p[data-term]", getAttrs: fromElement(), priority: 60 }],
    toDOM: (node) => ["p", onElement(node, { "data-term": "" }), 0],
  }),
  table: {
    ...block("table", "table_caption? row+", { isolating: true }),
    parseDOM: [{ tag: "table", getAttrs: fromElement(({ tHead }) => (tHead?.rows.length ? { header_rows: tHead.rows.length } : {})) }],
  },
  row: inner("tr", "cell+", { parseDOM: [{ tag: "tr", getAttrs: fromElement() }] }),
  cell: inner("td", "block+", {
    isolating: true,
    parseDOM: ["td", "th"].map((tag) => ({ tag, getAttrs: fromElement(shapeOfCell) })),
    toDOM: (node) => {
      const { header, colspan, rowspan } = node.attrs.attributes;
      const shown = onElement(node);
      if (colspan > 1) shown.colspan = colspan;
      if (rowspan > 1) shown.rowspan = rowspan;
      return [header ? "th" : "td", shown, 0];
    },
  }),
  /* What this editor does not know, or what came in a form it cannot hold: shown by name and sent back as it came. */
  opaque: {
    group: "block",
    atom: true,
    attrs: { ...ATTRS, source: { default: null } },
    toDOM: (node) => ["div", { "data-opaque": node.attrs.source?.kind ?? "" }],
  },
  notes: { content: "note+", isolating: true, selectable: false, toDOM: () => ["section", { "data-notes": "" }, 0] },
  note: {
    content: "block+",
    isolating: true,
    selectable: false,
    attrs: { object: { default: "" }, label: { default: "" } },
    toDOM: ({ attrs }) => ["div", { "data-note": attrs.object, "data-label": attrs.label }, 0],
  },
  text: { group: "inline" },
  break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"], leafText: () => "\n" },
  ruby: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { base: { default: "" }, above: { default: "" } },
    parseDOM: [{ tag: "ruby[data-base]", getAttrs: ({ dataset: { base, above } }) => ({ base, above: above ?? "" }) }],
    toDOM: ({ attrs: { base, above } }) => ["ruby", { "data-base": base, "data-above": above }, base, ["rt", above]],
    leafText: ({ attrs }) => attrs.base,
  },
  /* A formula, note mark or picture in a line, by the key under which the chapter lists it. */
  object: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { key: { default: "" }, alt: { default: null }, decorative: { default: false } },
    parseDOM: [
      {
        tag: "span[data-object]",
        getAttrs: ({ dataset: { object, alt, decorative } }) => ({ key: object, alt: alt ?? null, decorative: decorative === "1" }),
      },
    ],
    toDOM: ({ attrs: { key, alt, decorative } }) => [
      "span",
      { "data-object": key, ...(alt === null ? {} : { "data-alt": alt }), ...(decorative ? { "data-decorative": "1" } : {}) },
    ],
    leafText: () => "\ufffc",
  },
};

/* An element whose style said how its letters look (paste.js): it has the mark, and is what else it is. */
const looking = (name) => ({ tag: `[data-looks~="${name}"]`, consuming: false });

/* The outermost mark first; the engine nests them in this order where it has no other. */
const marks = {
  language: {
    attrs: { lang: { default: "" }, direction: { default: "" }, dress: { default: "" } },
    excludes: "",
    parseDOM: [
      {
        tag: "span[data-language]",
        getAttrs: ({ dataset }) => ({ lang: dataset.language, direction: dataset.direction ?? "", dress: dataset.dress ?? "" }),
      },
    ],
    toDOM: ({ attrs: { lang, direction, dress } }) => {
      const shown = { "data-language": lang, "data-direction": direction, "data-dress": dress };
      if (isLanguage(lang)) shown.lang = lang;
      if (direction) shown.dir = direction;
      return ["span", shown, 0];
    },
  },
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (a) => isSafeLink(a.getAttribute("href")) && { href: a.getAttribute("href") } }],
    toDOM: ({ attrs: { href } }) => ["a", isSafeLink(href) ? { href, rel: "noopener" } : {}, 0],
  },
  emphasis: { parseDOM: [{ tag: "em" }, { tag: "i" }, looking("emphasis")], toDOM: () => ["em", 0] },
  strong: {
    parseDOM: [
      { tag: "strong" },
      // A document of Google's is wrapped in a <b> that is not bold.
      { tag: 'b:not([data-looks~="thin"])' },
      looking("strong"),
    ],
    toDOM: () => ["strong", 0],
  },
  small_caps: {
    parseDOM: [{ tag: "span[data-small-caps]" }, looking("small_caps")],
    toDOM: () => ["span", { "data-small-caps": "" }, 0],
  },
  underline: { parseDOM: [{ tag: "u" }], toDOM: () => ["u", 0] },
  strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }], toDOM: () => ["s", 0] },
  subscript: { parseDOM: [{ tag: "sub" }, looking("subscript")], toDOM: () => ["sub", 0] },
  superscript: { parseDOM: [{ tag: "sup" }, looking("superscript")], toDOM: () => ["sup", 0] },
  code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
};

nodes.paragraph.parseDOM.push({ tag: IGNORED, ignore: true, priority: 90 });

export const schema = new Schema({ nodes, marks });
