/* Shared by both readers: panels that open over the page. */

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
