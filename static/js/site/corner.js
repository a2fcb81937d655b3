/* The personal corner comes in a request of its own, so that shop pages are the same for everybody. */
document.addEventListener("DOMContentLoaded", async () => {
  const corner = document.querySelector("[data-corner]");
  if (!corner) return;
  const answer = await fetch(corner.dataset.corner, { headers: { Accept: "text/html" } });
  if (answer.ok) corner.innerHTML = await answer.text();
});
