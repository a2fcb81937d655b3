/* Loads what is only for this visitor, first the account and cart links, in separate requests: shop pages are the same
   for everyone. */
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll("[data-corner], [data-own]")) {
    fetch(place.dataset.corner || place.dataset.own, { headers: { Accept: "text/html" } })
      .then(async (answer) => {
        if (!answer.ok) return;
        place.innerHTML = await answer.text();
        place.dispatchEvent(new Event("filled", { bubbles: true }));
      })
      .catch(() => {});
  }
});

// The account's menu closes when somebody clicks or goes elsewhere, and by Escape.
const openMenu = () => document.querySelector("[data-menu][open]");
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}
document.addEventListener("keydown", (event) => {
  const menu = openMenu();
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
