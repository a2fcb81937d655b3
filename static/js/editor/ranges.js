/* Words of the text that something beside it is about: they are marked, and move with it while somebody types. */

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { findBlock } from "./marked.js";

const marksOf = (doc, rows, name) => {
  const found = [];
  for (const { block, start, end } of rows) {
    const pos = block ? findBlock(doc, block) : null;
    const node = pos === null ? null : doc.nodeAt(pos);
    if (!node?.isTextblock) continue;
    const [from, to] = [start, end].map((at) => pos + 1 + Math.min(at, node.content.size));
    if (to > from) found.push(Decoration.inline(from, to, { class: name }));
  }
  return DecorationSet.create(doc, found);
};

/* `plugin` marks with a class; `show(view, rows)` says which characters of which blocks. */
export const makeRanges = (name) => {
  const key = new PluginKey(name);
  const plugin = new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const rows = tr.getMeta(key);
        return rows ? marksOf(tr.doc, rows, name) : set.map(tr.mapping, tr.doc);
      },
    },
    props: { decorations: (state) => key.getState(state) },
  });
  return { plugin, show: (view, rows) => view.dispatch(view.state.tr.setMeta(key, rows).setMeta("addToHistory", false)) };
};
