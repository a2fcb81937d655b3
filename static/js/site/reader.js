/* What the shop's pages do for books that are kept on this device (docs/reading.md, "Offline"). */
{
  const stored = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };

  /* Tell the reader's worker who is here now: it opens kept books without a line only for the one who was here last. */
  document.addEventListener("filled", ({ target }) => {
    const people = target.querySelector("[data-people]")?.dataset.people;
    if (!people || !stored("reader-kept")) return;
    caches.open("octavo-kept").then((cache) => cache.put("/read/who.json", Response.json({ people: people.split(" ") }))).catch(() => {});
  });

  /* Whoever has read here leaves nothing behind. If that cannot be done, logging out goes on as without scripts. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const dialog = document.querySelector("[data-leaving]");
    if (!form.matches("[data-log-out]") || !dialog || !stored("reader-device")) return;
    event.preventDefault();
    try {
      const { leave } = await import("../js/reader/keeping/leaving.js");
      await leave(form, dialog);
    } catch {
      form.submit();
    }
  });
}
