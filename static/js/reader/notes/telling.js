/* Tells what happened, to eyes where it can be undone, and to screen readers always. */

const SHOWN_MS = 15_000;

export const makeTelling = (find) => {
  const toast = find("[data-notes-toast]");
  const home = toast.parentElement;
  const live = find("[data-notes-live]");
  const undo = find("[data-notes-undo]");
  let timer = 0;
  let undoing = null;

  const quieten = () => {
    toast.classList.add("is-silent");
    undo.hidden = true;
    undoing = null;
  };
  undo.addEventListener("click", () => {
    const act = undoing;
    quieten();
    act?.();
  });

  toast.hidden = false;
  quieten();
  return {
    /* `name` is a data attribute of the live region; with `act`, it can be undone. */
    say: (name, { act = null, words = "", isShown = Boolean(act) } = {}) => {
      clearTimeout(timer);
      quieten();
      // Whatever is outside an open dialog can be neither heard nor pressed.
      (document.querySelector("dialog[open]") ?? home).append(toast);
      undoing = act;
      undo.hidden = !act;
      toast.classList.toggle("is-silent", !isShown);
      live.textContent = "";
      // In the next frame, so that the same words are told twice.
      requestAnimationFrame(() => (live.textContent = live.dataset[name].replace("{words}", words)));
      if (isShown) timer = setTimeout(quieten, SHOWN_MS);
    },
    /* Undo what can be. Returns false if nothing can. */
    undo: () => Boolean(undoing) && (undo.click(), true),
  };
};
