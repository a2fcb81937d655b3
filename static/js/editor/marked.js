/* Blocks that are marked beside the text: the one that the server refused, those in conflict, the active one on phones, and
   those with a suggestion. */

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const key = new PluginKey("marked");

const decorationsOf = (doc, classes) => {
  const found = [];
  doc.descendants((node, pos) => {
    const name = node.attrs.id && classes.get(node.attrs.id);
    if (name) found.push(Decoration.node(pos, pos + node.nodeSize, { class: name }));
    return !node.isTextblock;
  });
  return DecorationSet.create(doc, found);
};

const activeOf = (state, isOneBlock) => {
  const { $from } = state.selection;
  return isOneBlock() && $from.depth ? [Decoration.node($from.before(1), $from.after(1), { class: "is-active" })] : [];
};

export const marked = ({ isOneBlock }) =>
  new Plugin({
    key,
    state: {
      init: () => ({ classes: new Map(), set: DecorationSet.empty }),
      apply: (tr, value) => {
        const classes = tr.getMeta(key) ?? value.classes;
        if (classes !== value.classes) return { classes, set: decorationsOf(tr.doc, classes) };
        return tr.docChanged ? { classes, set: classes.size ? decorationsOf(tr.doc, classes) : DecorationSet.empty } : value;
      },
    },
    props: {
      decorations: (state) => key.getState(state).set.add(state.doc, activeOf(state, isOneBlock)),
    },
  });

/* Mark blocks by id, and no others. `classes` is a Map of ids to class names. */
export const markBlocks = (view, classes) => view.dispatch(view.state.tr.setMeta(key, classes).setMeta("addToHistory", false));

/* Where a block begins, or null. */
export const findBlock = (doc, id) => {
  let found = null;
  doc.descendants((node, pos) => {
    if (found === null && node.attrs.id === id) found = pos;
    return found === null && !node.isTextblock;
  });
  return found;
};
