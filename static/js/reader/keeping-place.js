/* New sizes keep the place: the renderer goes back to the words that it went to last, so a page is the same again when its
   size is. `reader.isReflow` says that what is shown moved for this reason only. */

export const keepPlace = (reader, renderer) => {
  const isPaginator = renderer.localName === "foliate-paginator";
  let start = null; // where the last jump led, until the paginator knows it as a range
  let isHolding = false;

  const listen = (act, options) => renderer.addEventListener("relocate", ({ detail }) => act(detail), options);
  listen(({ reason }) => (reader.isReflow = isHolding || reader.isFlowing || reason === "anchor"), { capture: true });
  listen(({ reason, range }) => {
    if (reader.isReflow) return;
    // After a jump, the paginator has set the caret there.
    const selection = range?.startContainer.ownerDocument.getSelection();
    start = isPaginator && reason === "navigation" && selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  });

  /* Before the sizes change. A share of the chapter would be at other words afterwards. */
  return () => {
    if (!start) return;
    isHolding = true;
    renderer.scrollToAnchor(start);
    isHolding = false;
    start = null;
  };
};
