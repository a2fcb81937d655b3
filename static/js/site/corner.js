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
