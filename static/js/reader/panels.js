/* Shared by both readers: panels that open over the page, and the question which of two positions to use. */

const find = (selector) => document.querySelector(selector);

export const panels = Object.fromEntries([...document.querySelectorAll("[data-panel]")].map((one) => [one.dataset.panel, one]));

/* Open a panel in place of another one; the contents at the current chapter. */
export const openPanel = (name) => {
  for (const panel of Object.values(panels)) if (panel.open) panel.close();
  panels[name].showModal();
  const current = panels[name].querySelector("[aria-current]");
  current?.scrollIntoView({ block: "center" });
  current?.focus({ preventScroll: true });
};

export const openPanels = () => {
  for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", () => openPanel(button.dataset.open));
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  for (const panel of Object.values(panels)) panel.addEventListener("click", (event) => event.target === panel && panel.close());
};

/* `show` goes to the position; one in another edition opens that edition. */
export const questionOf = (settings, show) => (place, { go, stay }) => {
  const bar = find("[data-reader-further]");
  const words = bar.querySelector("[data-label]");
  const answer = (button, act) => {
    bar.querySelector(button).onclick = () => {
      bar.hidden = true;
      act();
    };
  };
  answer("[data-stay]", stay);
  answer("[data-go]", () => {
    go();
    if (place.edition === settings.edition) show(place);
    else location.reload();
  });
  bar.hidden = false;
  words.textContent = words.dataset.label.replace("{place}", `${Math.round(place.fraction_bps / 100)} %`);
};
