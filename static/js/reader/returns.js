/* Ways back from a jump: each is an entry of the browser's history, so that Back leads to the page left and not out of the book.

   The button of the foot does the same, until its reader has turned some pages and so stays where they are. */

const STAYS_AFTER = 5; // pages turned

/* `here` tells the place now, as {cfi, label}; `go` shows the page of a cfi. */
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
    /* Before a jump, and when it has arrived. */
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
