/* Warns before leaving a page with unsaved input. Enabled by `data-guard` on the form; `data-guard="typed"` if the page
   came back with unsaved input. */
document.addEventListener("DOMContentLoaded", () => {
  const open = new Set();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (form.dataset.guard === "typed") open.add(form);
    for (const type of ["input", "change"]) form.addEventListener(type, () => open.add(form));
    form.addEventListener("submit", () => open.delete(form));
  }
  addEventListener("beforeunload", (event) => {
    if (open.size) event.preventDefault();
  });
});
