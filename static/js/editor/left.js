/* Text that was typed before the manuscript was replaced. It counts in a version that is gone, so it cannot be put in by
   itself: its author sees it and takes what is needed. */

import { ask } from "./forms.js";

const plain = (rows) => (rows ?? []).map((row) => (typeof row === "string" ? row : row[0])).join("").replaceAll("\u2028", "\n");

const textsOf = (blocks) => blocks.flatMap((block) => (block.text ? [plain(block.text)] : textsOf(block.blocks ?? [])));

const allTexts = ({ blocks, notes = [] }) => [...textsOf(blocks), ...notes.flatMap((note) => textsOf(note.blocks))];

/* The paragraphs that were typed: those that the version they were typed in does not have. */
export const typedTexts = ({ base, document }) => {
  const before = new Set(allTexts(base));
  return allTexts(document).filter((text) => text.trim() && !before.has(text));
};

/* Tell the author of a copy that is left; `forget` deletes it. */
export const showLeft = ({ copy, forget, words, status }) => {
  const texts = typedTexts(copy);
  if (!texts.length) return forget();
  const open = async () => {
    const field = { name: "text", type: "textarea", label: words.leftText, help: words.leftHelp, value: texts.join("\n\n"), readonly: true };
    const answer = await ask({ title: words.leftTitle, fields: [field], words: { ...words, apply: words.close }, mayRemove: true });
    if (answer !== "remove") return;
    forget();
    status.show("saved");
  };
  return status.show("left", "", [[words.leftShow, open]]);
};
