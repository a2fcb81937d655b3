/* Blocks that were changed here and elsewhere: what was, what is typed here, what the server has. Nothing is sent until each
   is decided; what was typed here is in the text meanwhile. */

import { button, element } from "./forms.js";

const wordsOf = (block) => {
  if (!block) return "";
  const own = (block.text ?? []).map((row) => (typeof row === "string" ? row : row[0])).join("");
  return own.replaceAll("\u2028", "\n") || (block.blocks ?? []).map(wordsOf).join("\n");
};

const versionOf = (label, block, words) =>
  element("div", { class: "editor-version" }, element("dt", {}, label), element("dd", {}, wordsOf(block) || words.conflictRemoved));

/* `keep(conflict, side)` is called with "mine" or "theirs"; `done` when all are decided. */
export const makeConflicts = ({ words, keep, onChange, done }) => {
  const list = element("section", { class: "editor-conflicts", "aria-label": words.conflicts, hidden: true });
  let open = [];

  const decide = (conflict, side) => {
    keep(conflict, side);
    open = open.filter((other) => other !== conflict);
    render();
    if (open.length) list.querySelector("button").focus();
    else done();
  };

  const cardOf = (conflict, index) => {
    const mine = button(words.keepMine, { class: "button button-small button-primary" });
    const theirs = button(words.keepTheirs);
    mine.addEventListener("click", () => decide(conflict, "mine"));
    theirs.addEventListener("click", () => decide(conflict, "theirs"));
    const versions = element(
      "dl",
      {},
      versionOf(words.conflictBase, conflict.base, words),
      versionOf(words.conflictMine, conflict.mine, words),
      versionOf(words.conflictTheirs, conflict.theirs, words),
    );
    const title = words.conflictTitle.replace("{number}", index + 1).replace("{count}", open.length);
    return element("article", { class: "editor-conflict" }, element("h3", {}, title), versions, element("div", { class: "actions" }, mine, theirs));
  };

  const render = () => {
    list.hidden = !open.length;
    list.replaceChildren(...open.map(cardOf));
    onChange(open);
  };

  return {
    list,
    show: (conflicts) => {
      open = conflicts;
      render();
    },
    isOpen: () => open.length > 0,
  };
};
