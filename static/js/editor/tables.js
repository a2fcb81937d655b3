/* Tables: rows and columns that come and go, header cells, captions, and new tables. What has cells over several rows or
   columns keeps its shape. */

import { TextSelection } from "prosemirror-state";
import { byTool } from "./guard.js";
import { newId } from "./ids.js";
import { schema } from "./schema.js";

const { nodes } = schema;
export const MAX_ROWS = 100;
export const MAX_COLUMNS = 20;

const newCell = (attributes = {}) => nodes.cell.create({ id: newId(), attributes }, nodes.paragraph.create({ id: newId() }));
const newRow = (cells) => nodes.row.create({ id: newId() }, cells);
const rowsOf = (table) => table.content.content.filter(({ type }) => type === nodes.row);
const hasSpans = (table) =>
  rowsOf(table).some((row) => row.content.content.some(({ attrs: { attributes } }) => attributes.colspan > 1 || attributes.rowspan > 1));

/* The table around the cursor: its place, and the row and column of the cell; null outside of one. */
export const cellAt = ({ selection: { $from } }) => {
  for (let depth = $from.depth; depth > 1; depth -= 1) {
    if ($from.node(depth).type !== nodes.cell) continue;
    const table = $from.node(depth - 2);
    const row = $from.index(depth - 2) - (table.firstChild.type === nodes.table_caption ? 1 : 0);
    return { table, pos: $from.before(depth - 2), row, column: $from.index(depth - 1) };
  }
  return null;
};

/* A table with other rows, or null for one without any cell. */
const withRows = (table, rows, headerRows = table.attrs.attributes.header_rows ?? 0) => {
  const kept = rows.filter((row) => row.childCount);
  if (!kept.length) return null;
  const { header_rows: _before, ...attributes } = table.attrs.attributes;
  if (headerRows > 0) attributes.header_rows = Math.min(headerRows, kept.length);
  const caption = table.firstChild.type === nodes.table_caption ? [table.firstChild] : [];
  return table.type.create({ ...table.attrs, attributes }, [...caption, ...kept]);
};

const withCells = (row, change) => row.copy(row.type.create(null, change(row.content.content)).content);

const makers = {
  rowAfter: ({ table, row }) => {
    const rows = rowsOf(table);
    const like = ({ attrs: { attributes } }) => newCell(attributes.align ? { align: attributes.align } : {});
    return withRows(table, rows.toSpliced(row + 1, 0, newRow(rows[row].content.content.map(like))));
  },
  columnAfter: ({ table, column }) => {
    const widen = (row, number) =>
      withCells(row, (cells) => {
        const here = cells[Math.min(column, cells.length - 1)];
        const isHeader = number === 0 && here?.attrs.attributes.header;
        return cells.toSpliced(column + 1, 0, newCell(isHeader ? { header: true } : {}));
      });
    return withRows(table, rowsOf(table).map(widen));
  },
  removeRow: ({ table, row }) => {
    const headerRows = table.attrs.attributes.header_rows ?? 0;
    return withRows(table, rowsOf(table).toSpliced(row, 1), row < headerRows ? headerRows - 1 : headerRows);
  },
  removeColumn: ({ table, column }) =>
    withRows(table, rowsOf(table).map((row) => withCells(row, (cells) => (column < cells.length ? cells.toSpliced(column, 1) : cells)))),
};
const LIMITS = {
  columnAfter: ({ table, row }) => rowsOf(table)[row].childCount < MAX_COLUMNS,
};

const cursorIn = (tr, pos, row, column) => {
  const table = tr.doc.nodeAt(pos);
  const rows = rowsOf(table);
  const wanted = rows[Math.min(row, rows.length - 1)];
  let at = pos + 1;
  for (let index = 0; table.child(index) !== wanted; index += 1) at += table.child(index).nodeSize;
  at += 1;
  for (let index = 0; index < Math.min(column, wanted.childCount - 1); index += 1) at += wanted.child(index).nodeSize;
  return tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1)));
};

/* Change the rows or columns of the table around the cursor. Says why not: "", "cell", "spans", "last". */
export const reshape = (name) => (view) => {
  const found = cellAt(view.state);
  if (!found) return "cell";
  if (hasSpans(found.table)) return "spans";
  const made = (LIMITS[name]?.(found) ?? true) ? makers[name](found) : null;
  if (!made) return "last";
  const { tr } = view.state;
  tr.replaceWith(found.pos, found.pos + found.table.nodeSize, made);
  cursorIn(tr, found.pos, found.row + (name === "rowAfter" ? 1 : 0), found.column + (name === "columnAfter" ? 1 : 0));
  view.dispatch(byTool(tr).scrollIntoView());
  view.focus();
  return "";
};

/* Turn the cell of the cursor into a header, or back. */
export const toggleHeader = (view) => {
  const { $from } = view.state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type !== nodes.cell) continue;
    const { header, ...attributes } = node.attrs.attributes;
    const { tr } = view.state;
    tr.setNodeAttribute($from.before(depth), "attributes", header ? attributes : { ...attributes, header: true });
    view.dispatch(byTool(tr));
    view.focus();
    return "";
  }
  return "cell";
};

/* Put a caption into a table or a figure that has none, and the cursor into the caption. */
export const addCaption = (view, pos) => {
  const node = view.state.doc.nodeAt(pos);
  const type = node.type === nodes.table ? nodes.table_caption : nodes.caption;
  const { tr } = view.state;
  if (node.firstChild?.type !== type) tr.insert(pos + 1, type.create({ id: newId() }));
  view.dispatch(byTool(tr.setSelection(TextSelection.create(tr.doc, pos + 2))).scrollIntoView());
  view.focus();
};

/* A new table after the block of the chapter that the cursor is in; its first row is a header. */
export const insertTable = (view, rows, columns) => {
  const { $from } = view.state.selection;
  const made = Array.from({ length: rows }, (_row, number) => newRow(Array.from({ length: columns }, () => newCell(number ? {} : { header: true }))));
  const table = nodes.table.create({ id: newId(), attributes: { header_rows: 1 } }, made);
  const after = $from.posAtIndex(Math.min($from.index(0) + 1, countOfBlocks(view.state.doc)), 0);
  const { tr } = view.state;
  view.dispatch(byTool(cursorIn(tr.insert(after, table), after, 0, 0)).scrollIntoView());
  view.focus();
};

const countOfBlocks = (doc) => doc.childCount - (doc.lastChild.type === nodes.notes ? 1 : 0);
