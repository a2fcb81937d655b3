/* Continues the sample in place: each chapter is loaded from its own plain page, which the link leads to without scripts.
   The first chapter replaces the excerpt, which is its beginning; the others are appended.

   The pane shows some lines only. The link moves on by what the pane shows, and loads a chapter once the end is in sight. */
const NEAR_END_PX = 60;
const KEPT_PX = 60; // two lines stay in sight, so that the eye finds its place

const restBelow = (pane) => pane.scrollHeight - pane.clientHeight - pane.scrollTop;

const showMore = (pane, link) => {
  const step = pane.clientHeight - KEPT_PX;
  if (link.dataset.continue === "last" && restBelow(pane) - step <= NEAR_END_PX) link.remove();
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  pane.scrollBy({ top: step, behavior });
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-continue]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const pane = document.querySelector(".sample-pane");
  if (link.dataset.continue === "last" || restBelow(pane) > NEAR_END_PX) {
    showMore(pane, link);
    return;
  }
  const answer = await fetch(link.href).catch(() => null);
  const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const chapter = page && page.querySelector(".chapter");
  if (!chapter) {
    location.href = link.href;
    return;
  }
  for (const one of chapter.querySelectorAll("[id]")) if (document.getElementById(one.id)) one.removeAttribute("id");
  if (link.dataset.continue) pane.append(document.createElement("hr"), ...chapter.childNodes);
  else pane.replaceChildren(...chapter.childNodes);
  const next = page.querySelector("[rel=next]");
  link.dataset.continue = next ? "on" : "last";
  if (next) link.href = next.getAttribute("href");
  pane.focus({ preventScroll: true });
  showMore(pane, link);
});
