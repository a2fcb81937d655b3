/* A click or tap on the outer thirds of the page turns it; one on a link or a selection does not. */

export const addTaps = (reader) => {
  const onClick = (event) => {
    const doc = event.target.ownerDocument;
    if (event.defaultPrevented || reader.look.flow === "scrolled") return;
    if (event.target.closest("a") || !doc.getSelection().isCollapsed) return;
    const x = event.clientX + doc.defaultView.frameElement.getBoundingClientRect().left;
    if (x < innerWidth / 3) reader.turn("left");
    else if (x > (innerWidth * 2) / 3) reader.turn("right");
  };
  reader.on("chapter", ({ doc }) => doc.addEventListener("click", onClick));
};
