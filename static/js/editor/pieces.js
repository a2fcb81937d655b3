/* Running text between the engine's form, a list of pieces (conversion/engine/patches/pieces.py), and the editor's nodes. */

import { schema } from "./schema.js";

const BREAK = "\u2028";
const STAND_IN = "\ufffc";
const CARRIED = { link: ["href"], language: ["lang", "direction", "dress"] };

/* Raised for text that the editor cannot hold; its block is then shown and sent back as it came. */
export class Unreadable extends Error {}

const markOf = ([name, ...values]) => {
  const type = schema.marks[name];
  const carried = CARRIED[name] ?? [];
  if (!type || values.length !== carried.length) throw new Unreadable(name);
  return type.create(Object.fromEntries(carried.map((key, index) => [key, values[index]])));
};

const rowOfMark = (mark) => [mark.type.name, ...(CARRIED[mark.type.name] ?? []).map((key) => mark.attrs[key])];

const setOf = (marks) => marks.reduce((set, mark) => mark.addToSet(set), []);

const keyOfSet = (marks) => JSON.stringify(marks.map(rowOfMark).sort());

/* In a piece, text and line breaks alternate. */
const textNodes = (text, marks) =>
  text.split(BREAK).flatMap((line, index) => [
    ...(index ? [schema.nodes.break.create(null, null, marks)] : []),
    ...(line ? [schema.text(line, marks)] : []),
  ]);

const nodesOf = (row, objects) => {
  if (typeof row === "string") return textNodes(row, []);
  const [text, rows, key] = row;
  const last = rows.at(-1);
  if (key !== undefined) {
    const { alt = null, decorative = false } = objects[key] ?? {};
    return [schema.nodes.object.create({ key, alt, decorative }, null, setOf(rows.map(markOf)))];
  }
  if (last?.[0] === "ruby") return [schema.nodes.ruby.create({ base: text, above: last[1] }, null, setOf(rows.slice(0, -1).map(markOf)))];
  return textNodes(text, setOf(rows.map(markOf)));
};

export const readPieces = (rows, objects = {}) => rows.flatMap((row) => nodesOf(row, objects));

/* The text of a code block, which has no marks. */
export const readCode = (rows) => {
  if (rows.some((row) => typeof row !== "string")) throw new Unreadable("code");
  const text = rows.join("");
  return text ? [schema.text(text)] : [];
};

/* The order in which the pieces of a text nest the same marks: the editor itself sorts them. */
const orderOf = (rows) => {
  const orders = new Map();
  for (const row of rows ?? []) {
    if (typeof row === "string") continue;
    const marks = row[1].filter(([name]) => name !== "ruby");
    const key = keyOfSet(setOf(marks.map(markOf)));
    if (!orders.has(key)) orders.set(key, marks);
  }
  return orders;
};

const isJoinable = ([, marks, key]) => key === undefined && marks.at(-1)?.[0] !== "ruby";

const compact = ([text, marks, key]) => {
  if (key !== undefined) return [text, marks, key];
  return marks.length ? [text, marks] : text;
};

/* Code holds nothing but text: what is no text within it stands beside it. */
const marksOf = (node) => (node.isText ? node.marks : node.marks.filter(({ type }) => type.name !== "code"));

const rowOfNode = (node, orders) => {
  const own = marksOf(node);
  const marks = orders.get(keyOfSet(own)) ?? own.map(rowOfMark);
  if (node.type.name === "ruby") return [node.attrs.base, [...marks, ["ruby", node.attrs.above]]];
  if (node.type.name === "object") return [STAND_IN, marks, node.attrs.key];
  return [node.isText ? node.text : BREAK, marks];
};

/* `before` is the text as it came: where nothing was changed it goes back, and what was nested stays nested so. */
export const writePieces = (parent, before) => {
  const rows = write(parent.content, orderOf(before));
  if (before && parent.type.name !== "code_block" && JSON.stringify(asHere(before)) === JSON.stringify(rows)) return before;
  return rows;
};

const write = (fragment, orders) => {
  const rows = [];
  fragment.forEach((node) => {
    const row = rowOfNode(node, orders);
    const last = rows.at(-1);
    if (last && isJoinable(last) && isJoinable(row) && JSON.stringify(last[1]) === JSON.stringify(row[1])) last[0] += row[0];
    else rows.push(row);
  });
  return rows.map(compact);
};

/* Text as it came, written as the editor would write it. */
const asHere = (before) => write({ forEach: (visit) => readPieces(before).forEach(visit) }, orderOf(before));
