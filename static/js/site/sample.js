/* Continues the sample in place: each chapter is loaded from its own plain page, which the link leads to without scripts.
   The first chapter replaces the excerpt, which is its beginning; the others are appended. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-continue]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null);
  const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const chapter = page && page.querySelector(".chapter");
  if (!chapter) {
    location.href = link.href;
    return;
  }
  for (const one of chapter.querySelectorAll("[id]")) if (document.getElementById(one.id)) one.removeAttribute("id");
  const pane = document.querySelector(".sample-pane");
  if (link.dataset.continue) pane.append(document.createElement("hr"), ...chapter.childNodes);
  else pane.replaceChildren(...chapter.childNodes);
  link.dataset.continue = "on";
  const next = page.querySelector("[rel=next]");
  if (next) link.href = next.getAttribute("href");
  else link.remove();
  pane.focus({ preventScroll: true });
});
