/* Ways back from a jump: each is an entry in the browser's history, so that Back returns to the previous page and does
   not leave the book.

   The button in the footer does the same, until the reader has turned a few pages and so intends to stay. */

const STAYS_AFTER = 5; // pages turned

/* `here` returns the current position as {cfi, label}; `go` shows the page of a cfi. */
export const makeReturns = ({ button, here, go }) => {
  let turned = 0;
  const note = (state) => history.replaceState({ ...history.state, ...state }, "");
  const show = () => {
    const label = history.state?.from;
    turned = 0;
    button.hidden = !label;
    if (label) button.textContent = button.dataset.label.replace("{place}", label);
  };

  button.addEventListener("click", () => history.back());
  addEventListener("popstate", ({ state }) => {
    show();
    if (state?.at) go(state.at);
  });

  return {
    /* Called before a jump, and after it. */
    leave: () => {
      const { cfi, label } = here();
      note({ at: cfi });
      history.pushState({ from: label }, "");
      show();
    },
    land: () => note({ at: here().cfi }),
    turn: () => {
      turned += 1;
      if (turned >= STAYS_AFTER) button.hidden = true;
    },
  };
};
