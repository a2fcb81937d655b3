/* The bar with what can be done with selected words, or with a highlight. It stands beside the words where there is room
   and a mouse, else at the lower edge of the window. */

const FLOATS = matchMedia("(min-width: 48rem) and (pointer: fine)");
const GAP_PX = 10;

const place = (bar, rect) => {
  bar.classList.toggle("is-floating", FLOATS.matches && Boolean(rect));
  Object.assign(bar.style, { left: "", top: "" });
  if (!FLOATS.matches || !rect) return;
  const frame = bar.offsetParent.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = bar;
  const above = rect.top - height - GAP_PX;
  const top = above > frame.top ? above : Math.min(rect.bottom + GAP_PX, frame.bottom - height - GAP_PX);
  const left = Math.max(frame.left + GAP_PX, Math.min((rect.left + rect.right - width) / 2, frame.right - width - GAP_PX));
  Object.assign(bar.style, { left: `${left - frame.left}px`, top: `${top - frame.top}px` });
};

/* `act(name, value)` is called for each button. The page that a device keeps for all books has the dialog for typos, but
   not every book has an author here who could correct them: `takesTypos`. */
export const makeBar = (find, takesTypos, act) => {
  const bar = find("[data-selection]");
  const mayReport = takesTypos && Boolean(find("[data-panel=typo]"));
  const part = (selector) => bar.querySelector(selector);
  let leaveTo = null;

  const show = ({ rect, isNote = false, colour = "", body = "", isHinting = false, isPlacing = false, mayDefine = false }) => {
    bar.hidden = false;
    bar.setAttribute("aria-label", isNote ? bar.dataset.labelNote : bar.dataset.labelNew);
    part("[data-selection-body]").textContent = body;
    part("[data-selection-body]").hidden = !body;
    part("[data-selection-hint]").hidden = !isHinting;
    part(".selection-colours").hidden = isPlacing;
    for (const button of bar.querySelectorAll("[data-colour]"))
      button.setAttribute("aria-pressed", String(button.dataset.colour === colour));
    const shown = { define: mayDefine && !isPlacing, note: !isPlacing, copy: !isPlacing, share: !isPlacing && "share" in navigator, typo: mayReport && !isNote && !isPlacing, remove: isNote, place: isPlacing, close: true };
    for (const [name, isShown] of Object.entries(shown)) part(`[data-act="${name}"]`).hidden = !isShown;
    place(bar, rect);
  };
  const hide = () => {
    if (bar.hidden) return;
    const hadFocus = bar.contains(document.activeElement);
    bar.hidden = true;
    if (hadFocus) leaveTo?.();
    leaveTo = null;
  };

  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) act(button.dataset.act ?? "colour", button.dataset.colour);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    act("close");
  });
  const onClickElsewhere = (event) => {
    if (bar.hidden || bar.contains(event.target)) return;
    act("close");
    // Beside the text, the click does no more than that; a button does what it is for.
    if (event.target.closest("[data-reader-stage]")) event.preventDefault();
  };
  document.addEventListener("click", onClickElsewhere, true);
  // A tap on the bar leaves the selection as it is.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());

  return {
    show,
    hide,
    isOpen: () => !bar.hidden,
    /* Focus the first tool; `back` returns the focus to the text. */
    enter: (back) => {
      leaveTo = back;
      [...bar.querySelectorAll("button")].find((button) => button.checkVisibility()).focus();
    },
  };
};
