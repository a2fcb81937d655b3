/* An open conversation: new messages appear while one looks at it, and Ctrl+Enter sends. */

(() => {
  const EVERY_MS = 15_000;
  const list = document.querySelector("[data-newer]");
  const status = document.querySelector("[data-came]");

  const newest = () => Number(list.querySelector("[data-message]:last-of-type")?.dataset.message ?? 0);

  const fetchNewer = async () => {
    if (document.hidden) return;
    const answer = await fetch(`${list.dataset.newer}?after=${newest()}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const came = document.createElement("template");
    came.innerHTML = await answer.text();
    const known = new Set([...list.querySelectorAll("[data-message]")].map((one) => one.dataset.message));
    const fresh = [...came.content.querySelectorAll("[data-message]")].filter((one) => !known.has(one.dataset.message));
    if (!fresh.length) return;
    list.append(...fresh);
    status.textContent = status.dataset.came;
  };

  if (list) {
    setInterval(() => fetchNewer().catch(() => {}), EVERY_MS);
    document.addEventListener("visibilitychange", () => fetchNewer().catch(() => {}));
    if (!location.hash) list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  document.querySelector("[data-composer] textarea")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
})();
