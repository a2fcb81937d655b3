/* Tells the shop that a book's page or its sample was seen, or what was searched for: pages come from a cache in front of
   it. No cookie and nothing that identifies anybody is sent or stored (docs/figures.md). A share link's code goes into the
   form that buys. */
{
  const via = new URLSearchParams(location.search).get("via") || "";

  const tell = (place, kind) => {
    const { book, results, countAt } = place.dataset;
    const told = book ? { kind, book, via, from: document.referrer } : { kind, results, asked: location.search };
    if (navigator.webdriver) told.machine = "1";
    navigator.sendBeacon?.(countAt, new URLSearchParams(told));
  };

  const count = () => {
    const place = document.querySelector("[data-counts]");
    if (!place) return;
    tell(place, place.dataset.counts);
    for (const form of via ? document.querySelectorAll(".buy-form") : []) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "via", value: via }));
    }
    if (place.dataset.counts === "view") {
      document.addEventListener("click", function once(event) {
        if (!event.target.closest("[data-continue]")) return;
        document.removeEventListener("click", once);
        tell(place, "sample");
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (document.prerendering) document.addEventListener("prerenderingchange", count, { once: true });
    else count();
  });
}
