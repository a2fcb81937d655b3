/* A chapter between the engine's JSON and the editor's document, both ways and without loss. */

import { newId } from "./ids.js";
import { readCode, readPieces, Unreadable, writePieces } from "./pieces.js";
import { schema } from "./schema.js";

const NODE_OF_KIND = { code: "code_block" };
const KIND_OF_NODE = { code_block: "code", table_caption: "caption" };
const INNER = new Set(["line", "term", "caption", "item", "stanza", "definition", "row", "cell"]);
const SIGNS = new Set(["scene_break", "figure"]); // leaves without words of their own

export const kindOf = (node) => KIND_OF_NODE[node.type.name] ?? node.type.name;

/* A caption is another element in a table than under a picture. */
const nodeNameOf = ({ kind }, parent) => (kind === "caption" && parent?.kind === "table" ? "table_caption" : (NODE_OF_KIND[kind] ?? kind));

const attrsOf = ({ id, from, attributes }) => ({ id, from: from ?? "", attributes: attributes ?? {} });

const contentOf = (block, objects) => {
  if (block.kind === "code") return readCode(block.text ?? []);
  if (!SIGNS.has(block.kind) && block.text) return readPieces(block.text, objects);
  const blocks = (block.blocks ?? []).map((inner) => readBlock(inner, objects, block));
  // An empty cell is something to write in.
  return block.kind === "cell" && !blocks.length ? [schema.nodes.paragraph.create({ id: newId() })] : blocks;
};

const known = (block, objects, parent) => {
  const type = schema.nodes[nodeNameOf(block, parent)];
  if (!type?.spec.attrs?.attributes || type.name === "opaque") throw new Unreadable(block.kind);
  const node = type.create(attrsOf(block), contentOf(block, objects));
  node.check();
  return node;
};

/* A block that cannot be held is opaque, with all that is in it. A part of a block makes the whole block so. */
const readBlock = (block, objects, parent) => {
  try {
    return known(block, objects, parent);
  } catch (error) {
    if (INNER.has(block.kind) || !(error instanceof Unreadable || error instanceof RangeError || error instanceof TypeError)) throw error;
    return schema.nodes.opaque.create({ ...attrsOf(block), source: block });
  }
};

const readNote = ({ object, label, blocks }, objects) =>
  schema.nodes.note.create({ object, label }, blocks.length ? blocks.map((block) => readBlock(block, objects)) : schema.nodes.paragraph.create({ id: newId() }));

export const readDocument = ({ blocks, notes = [], objects = {} }) => {
  const content = blocks.map((block) => readBlock(block, objects));
  if (!content.length) content.push(schema.nodes.paragraph.create({ id: newId() }));
  if (notes.length) content.push(schema.nodes.notes.create(null, notes.map((note) => readNote(note, objects))));
  return schema.nodes.doc.create(null, content);
};

/* All blocks of a chapter and its notes by their id. */
export const blocksById = (chapter) => {
  const found = new Map();
  const visit = (blocks) => {
    for (const block of blocks) {
      found.set(block.id, block);
      visit(block.blocks ?? []);
    }
  };
  visit(chapter.blocks);
  for (const note of chapter.notes ?? []) visit(note.blocks);
  return found;
};

/* A paragraph that was begun and has no words yet is not sent: there is nothing to keep. */
const isUnwritten = (node) => node.attrs.id.startsWith("new-") && node.isTextblock && node.content.size === 0 && node.type.name === "paragraph";

const writeBlock = (node, before, isWhole) => {
  if (node.type.name === "opaque") return node.attrs.source;
  const { id, from, attributes } = node.attrs;
  const kind = kindOf(node);
  const old = before.get(id);
  const written = { id, kind, attributes };
  if (from) written.from = from;
  const text = old?.kind === kind ? old.text : undefined;
  if (node.isTextblock) written.text = writePieces(node, old?.text);
  else if (SIGNS.has(kind)) {
    if (text) written.text = text;
    if (node.childCount || old?.blocks) written.blocks = writeBlocks(node, before, isWhole);
  } else written.blocks = writeBlocks(node, before, isWhole);
  return written;
};

/* A cell that came without a block has none as long as nothing is written in it. */
const isEmptyCell = ({ type, attrs, childCount, firstChild }, before) =>
  type.name === "cell" && childCount === 1 && isUnwritten(firstChild) && before.get(attrs.id)?.blocks.length === 0;

const writeBlocks = (parent, before, isWhole) => {
  const written = [];
  if (isEmptyCell(parent, before)) return written;
  parent.forEach((node) => {
    if (node.type.name === "notes") return;
    // A container needs a block, the chapter does not.
    if (isWhole || parent.type.name !== "doc" || !isUnwritten(node)) written.push(writeBlock(node, before, isWhole));
  });
  return written;
};

const writeNotes = (doc, chapter, before, isWhole) => {
  const last = doc.lastChild;
  if (last?.type.name !== "notes") return chapter.notes ?? [];
  const written = [];
  last.forEach((note, _offset, index) => {
    const old = chapter.notes[index];
    written.push({ ...old, blocks: old.blocks.length ? writeBlocks(note, before, isWhole) : [] });
  });
  return written;
};

/* What the form of a picture in a line changed. */
const writeObjects = (doc, objects) => {
  const written = { ...objects };
  doc.descendants(({ type, attrs: { key, alt, decorative } }) => {
    if (type.name !== "object" || written[key]?.kind !== "picture" || alt === null) return;
    const isSame = alt === written[key].alt && Boolean(decorative) === Boolean(written[key].decorative);
    if (!isSame) written[key] = { ...written[key], alt, decorative: Boolean(decorative) };
  });
  return written;
};

/* `chapter` is the chapter as it came; `isWhole` also writes paragraphs that have no words yet. */
export const writeDocument = (doc, chapter, { isWhole = false } = {}) => {
  const before = blocksById(chapter);
  const { suggestions: _suggestions, ...rest } = chapter;
  return {
    ...rest,
    blocks: writeBlocks(doc, before, isWhole),
    notes: writeNotes(doc, chapter, before, isWhole),
    objects: writeObjects(doc, chapter.objects ?? {}),
  };
};
