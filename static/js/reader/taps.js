/* A click or tap on the outer thirds of the page turns it, one in the middle hides and shows the bars. One on a link, a
   button or a selection does neither. One on a table that scrolls does: it may fill the page. */

const ACTIVE = "a, button, input, select, textarea, summary, [role=button]";
const LIFT_MS = 250; // a chapter does not wait longer for a finger or a mouse button
const OUTSIDE = /^(https?|mailto):/i;

/* Whether no words are selected in a document. One that has left the page has no selection. */
export const isNothingSelected = (doc) => doc.getSelection()?.isCollapsed ?? true;

/* `lifted()` comes true when nothing presses on the page: a tap that begins in one document and ends in another is none. */
const addPresses = (reader) => {
  let lifted = Promise.resolve();
  let lift = () => {};
  const press = () => (lifted = new Promise((done) => (lift = done)));
  const release = () => setTimeout(lift); // after its click
  const listen = (target) => {
    target.addEventListener("pointerdown", press);
    target.addEventListener("pointerup", release);
    target.addEventListener("pointercancel", release);
  };
  listen(reader.view);
  reader.on("chapter", ({ doc }) => listen(doc));
  reader.lifted = () => Promise.race([lifted, new Promise((done) => setTimeout(done, LIFT_MS))]);
};

export const addTaps = (reader) => {
  addPresses(reader);
  const act = (event, x, doc) => {
    if (event.defaultPrevented || event.target.closest(ACTIVE)) return;
    const third = Math.floor((3 * x) / innerWidth);
    if (third === 1) reader.tapBars({ detail: isNothingSelected(doc) ? event.detail : 2 });
    else if (!isNothingSelected(doc)) return;
    else if (reader.look.flow !== "scrolled") {
      event.target.closest("[data-scrolls]")?.blur(); // else the arrow keys would scroll a table that is out of sight
      reader.turn(third < 1 ? "left" : "right");
    }
  };
  reader.on("chapter", ({ doc }) =>
    doc.addEventListener("click", (event) =>
      act(event, event.clientX + doc.defaultView.frameElement.getBoundingClientRect().left, doc),
    ),
  );
  // The engine leaves no other links in a chapter; the reader does not rely on that.
  reader.view.addEventListener("external-link", (event) => OUTSIDE.test(event.detail.href) || event.preventDefault());
  // The margins of the page are outside the chapter's frame.
  reader.view.addEventListener("click", (event) => act(event, event.clientX, document));
};
