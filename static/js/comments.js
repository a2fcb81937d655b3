/* Comments on a chapter: the form of a block opens with the words that are selected in it. */

(() => {
  const MAX_BEFORE = 60;

  /* Text of a range as the text has it: signs of notes are no words. */
  const textOf = (range) => {
    const copy = range.cloneContents();
    for (const sign of copy.querySelectorAll("sup")) sign.remove();
    for (const line of copy.querySelectorAll("br")) line.replaceWith(" ");
    return copy.textContent;
  };

  const selectedIn = (block) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!block.contains(range.startContainer) || !block.contains(range.endContainer)) return null;
    const words = textOf(range).trim();
    if (!words) return null;
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return { words, before: textOf(before).slice(-MAX_BEFORE) };
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-comment-block]");
    if (!link) return;
    const block = document.querySelector(`.text-words[data-block="${CSS.escape(link.dataset.commentBlock)}"]`);
    const found = block && selectedIn(block);
    const address = new URL(link.href);
    address.search = found ? new URLSearchParams(found).toString() : "";
    link.href = address.href;
  });

  /* A selection shows which link is meant. */
  document.addEventListener("selectionchange", () => {
    for (const one of document.querySelectorAll(".comment-add.is-meant")) one.classList.remove("is-meant");
    const node = document.getSelection()?.anchorNode;
    const block = (node instanceof Element ? node : node?.parentElement)?.closest(".text-words[data-block]");
    if (!block || document.getSelection().isCollapsed) return;
    document.querySelector(`a[data-comment-block="${CSS.escape(block.dataset.block)}"]`)?.classList.add("is-meant");
  });
})();
