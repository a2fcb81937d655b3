/* What an author gets of a price that the reader chooses, while it is typed. Without scripts a page of its own says it. */
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll("[data-net-of]")) {
    const input = document.getElementById(place.dataset.netOf);
    let waiting = 0;
    const show = async () => {
      const address = place.dataset.netHref + encodeURIComponent(input.value.trim().replace(",", "."));
      const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer && answer.ok) place.innerHTML = await answer.text();
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 250);
    });
    show();
  }
});
