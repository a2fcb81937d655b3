/* Each block has an id of its own. A block that is new gets one that says so, and the rest of a split block also says of
   which block it is the rest. What a chapter holds only as it came (a picture) is not copied: it can be moved. */

import { Plugin } from "prosemirror-state";
import { schema } from "./schema.js";

export const newId = () => `new-${crypto.getRandomValues(new Uint32Array(2)).reduce((id, part) => id + part.toString(36), "")}`;

const hasId = (node) => node.type.spec.attrs?.id !== undefined;

const isWhole = ({ type }) => ["figure", "opaque"].includes(type.name);

/* Of two blocks with one id, made by a split, the one with words keeps it. */
const isEmptyHead = (first, second) => first.isTextblock && !first.content.size && second.content.size > 0;

/* What is to be changed in a document: blocks with an id that is missing, unknown or there twice. */
const faultsOf = (doc, known) => {
  const seen = new Map();
  const faults = [];
  doc.descendants((node, pos) => {
    if (!hasId(node)) return !node.isTextblock;
    const { id } = node.attrs;
    const first = seen.get(id);
    const isKnown = known.has(id);
    if (isWhole(node) && (first || !isKnown)) {
      faults.push({ pos, node, isCopy: true });
      return false;
    }
    if (!id || (!isKnown && !id.startsWith("new-"))) faults.push({ pos, node, from: "", isForeign: Boolean(id) });
    else if (!first) seen.set(id, { pos, node });
    else if (isEmptyHead(first.node, node)) {
      faults.push({ ...first, from: "" });
      seen.set(id, { pos, node });
    } else faults.push({ pos, node, from: first.node.type === node.type && node.isTextblock ? id : "" });
    return !node.isTextblock;
  });
  return faults;
};

/* What another page says of a block is not taken over, but for what it is: a heading's level, a list's kind. */
const plainAttributes = ({ type, attrs: { attributes } }) => {
  if (type.name === "heading") return { level: attributes.level ?? 2 };
  if (type.name === "table") return attributes.header_rows > 0 ? { header_rows: attributes.header_rows } : {};
  if (type.name === "cell") return Object.fromEntries(["header", "colspan", "rowspan"].filter((name) => attributes[name]).map((name) => [name, attributes[name]]));
  return type.name === "list" && attributes.ordered ? { ordered: true } : {};
};

/* The words of a copied picture's caption as paragraphs. */
const wordsOf = (node) => {
  const paragraphs = [];
  node.descendants((inner) => {
    if (inner.isTextblock && inner.content.size) paragraphs.push(schema.nodes.paragraph.create({ id: newId() }, inner.content));
    return !inner.isTextblock;
  });
  return paragraphs.length ? paragraphs : schema.nodes.paragraph.create({ id: newId() });
};

/* `known` are the ids that the server gave; it grows with every answer. */
export const keepIds = (known) =>
  new Plugin({
    appendTransaction: (transactions, _before, state) => {
      if (!transactions.some(({ docChanged }) => docChanged)) return null;
      const faults = faultsOf(state.doc, known);
      if (!faults.length) return null;
      const { tr } = state;
      // From the end: what is before stays where it is.
      for (const { pos, node, from, isCopy, isForeign } of faults.sort((one, other) => other.pos - one.pos)) {
        if (isCopy) tr.replaceWith(pos, pos + node.nodeSize, wordsOf(node));
        else tr.setNodeAttribute(pos, "id", newId()).setNodeAttribute(pos, "from", from);
        if (isForeign && !isCopy) tr.setNodeAttribute(pos, "attributes", plainAttributes(node));
      }
      return tr;
    },
  });
