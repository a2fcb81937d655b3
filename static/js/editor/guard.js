/* What no key may do: change the rows and cells of a table, the terms of definitions, or take a note away. Their words are
   edited in place, and tables have tools of their own (tables.js). On phones, whose keyboards delete more than is seen, an edit stays within one block. */

import { Plugin, PluginKey } from "prosemirror-state";

const FIXED = new Set(["table", "row", "definitions", "definition", "notes"]);
const key = new PluginKey("guard");

/* The parts of everything fixed, by its id. */
const partsOf = (doc) => {
  const found = new Map();
  doc.descendants((node) => {
    if (FIXED.has(node.type.name)) {
      const parts = [];
      const isDefinition = node.type.name === "definition";
      // Blocks under a term may come and go.
      node.forEach((part) => (isDefinition && part.type.name !== "term") || parts.push(part.attrs.object ?? part.attrs.id));
      found.set(node.attrs.id ?? "notes", parts.join(" "));
    }
    return !node.isTextblock;
  });
  return found;
};

const isIntact = (before, after) => {
  const now = partsOf(after);
  const then = partsOf(before);
  if (then.has("notes") && !now.has("notes")) return false;
  return [...now].every(([id, parts]) => !then.has(id) || then.get(id) === parts);
};

/* Whether all that is changed is in one block of the chapter. */
const isInOneBlock = ({ steps, docs }) =>
  steps.every((step, index) => {
    let isOne = true;
    step.getMap().forEach((from, to) => {
      const [$from, $to] = [docs[index].resolve(from), docs[index].resolve(to)];
      isOne &&= $from.depth > 0 && $to.depth > 0 && $from.index(0) === $to.index(0);
    });
    return isOne;
  });

/* Mark a transaction that a command makes, so that it may reach beyond one block. */
export const byCommand = (dispatch) => dispatch && ((tr) => dispatch(tr.setMeta(key, "command")));

/* Mark a transaction that changes the rows and cells of a table. */
export const byTool = (tr) => tr.setMeta(key, "shape");

export const guard = ({ isOneBlock, onRefused }) =>
  new Plugin({
    key,
    filterTransaction: (tr) => {
      if (!tr.docChanged || tr.getMeta(key) === "server") return true;
      const isFree = tr.getMeta(key) === "command" || tr.getMeta("history$") || tr.getMeta("appendedTransaction");
      if (!isFree && isOneBlock() && !isInOneBlock(tr)) {
        onRefused("oneBlock");
        return false;
      }
      if (tr.getMeta(key) === "shape" || tr.getMeta("history$") || isIntact(tr.before, tr.doc)) return true;
      onRefused("fixed");
      return false;
    },
  });

/* Mark a transaction that brings what the server has. */
export const fromServer = (tr) => tr.setMeta(key, "server").setMeta("addToHistory", false);
