/* New sizes keep the place: the renderer goes back to the words that the page began with when it was turned or jumped to, so a
   page is the same again when its size is. `reader.isReflow` says that what is shown moved for this reason only. */

const beginningOf = (range) => {
  const start = range?.cloneRange() ?? null;
  start?.collapse(true);
  return start;
};

export const keepPlace = (reader, renderer) => {
  const isPaginator = renderer.localName === "foliate-paginator";
  let start = null; // the first words
  let isLost = false; // the paginator would go by something else
  let isHolding = false;
  let page = -1;

  const listen = (act, options) => renderer.addEventListener("relocate", ({ detail }) => act(detail), options);
  listen(({ reason }) => {
    // A finger may let the page go without having turned it. In another size, it may begin earlier.
    const isSamePage = reason === "snap" && renderer.page === page;
    page = renderer.page;
    isLost ||= isSamePage;
    reader.isReflow = isHolding || reader.isFlowing || reason === "anchor" || isSamePage;
  }, { capture: true });
  listen(({ reason, range }) => {
    if (reader.isReflow) return;
    // After a jump, the paginator has set the caret there; it may go by a share of the chapter.
    isLost = isPaginator && reason === "navigation";
    const selection = isLost && range?.startContainer.ownerDocument.getSelection();
    start = selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : beginningOf(range);
  });

  /* Before the sizes change. */
  return () => {
    if (!isLost || !start) return;
    isHolding = true;
    renderer.scrollToAnchor(start);
    isHolding = false;
    isLost = false;
  };
};
