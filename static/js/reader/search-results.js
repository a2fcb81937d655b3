/* The list of results: by chapter, each with the words around it and its page. Long lists grow on demand. */

const AT_ONCE = 100;

export const makeResults = (site, panel, choose) => {
  const list = panel.querySelector("[data-search-results]");
  const more = panel.querySelector("[data-search-more]");
  let found = null;
  let shown = 0;
  let part = -1;

  const heading = (number) => {
    const title = document.createElement("h3");
    title.textContent = site.title(number);
    return title;
  };
  const line = (number) => {
    const { block, start, before, words, after } = found.hit(number);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reader-hit";
    button.dataset.number = number;
    const quote = document.createElement("span");
    quote.lang = site.language;
    quote.dir = "auto";
    const marked = document.createElement("mark");
    marked.textContent = words;
    quote.append(before, marked, after);
    const page = document.createElement("span");
    page.className = "reader-toc-page figures";
    page.textContent = site.page(block, start);
    button.append(quote, " ", page);
    return button;
  };

  const grow = () => {
    const known = found.known ?? found.count;
    const to = Math.min(known, shown + AT_ONCE);
    for (; shown < to; shown += 1) {
      const hit = found.hit(shown);
      if (hit.part !== part) list.append(heading(hit.part), document.createElement("ol"));
      part = hit.part;
      list.lastElementChild.appendChild(document.createElement("li")).append(line(shown));
    }
    more.hidden = shown >= known;
  };
  const buttons = () => [...list.querySelectorAll("[data-number]")];
  const select = (number) => {
    while (found && shown <= number && !more.hidden) grow();
    for (const button of buttons()) {
      if (Number(button.dataset.number) === number) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-number]");
    if (button) choose(Number(button.dataset.number));
  });
  more.addEventListener("click", () => {
    const next = shown;
    grow();
    buttons()[next]?.focus();
  });
  /* Arrow keys go from the box through the results. */
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = buttons();
    if (!step || !all.length) return;
    event.preventDefault();
    const next = all.indexOf(document.activeElement) + step;
    (all[next] ?? (next < 0 ? panel.querySelector("[data-search-box]") : null))?.focus();
  });

  return {
    show: (answer, now) => {
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.number : "";
      [found, shown, part] = [answer, 0, -1];
      list.replaceChildren();
      more.hidden = true;
      if (found) grow();
      if (now >= 0) select(now);
      if (focused) buttons()[focused]?.focus();
    },
    select,
    focusFirst: () => buttons()[0]?.focus(),
  };
};
