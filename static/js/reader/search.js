/* Search in the whole book: the panel with its results, and a bar to go from one to the next.

   The text is fetched when the panel is first opened; until it is there, the server searches. */

import { foundByServer, makeFinder } from "./finder.js";
import { makeResults } from "./search-results.js";

const PAUSE_MS = 250; // while somebody types
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const fetchJson = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw Object.assign(new Error(`${address}: ${answer.status}`), { status: answer.status });
  return answer.status === 204 ? null : answer.json();
};

/* Finds a query by the text if it is there, else by the server. `whenLoaded` is called once it is. */
const makeSource = ({ settings }, whenLoaded) => {
  let finder = null;
  const load = async () => {
    const text = await fetchJson(`${settings.files}text.json`);
    if (!text) throw new Error("kept back while the book can be returned unread");
    finder = makeFinder(text.blocks);
    whenLoaded();
  };
  let loading = load().catch(() => (loading = null));
  return async (query) => {
    if (finder) return finder.find(query);
    loading ??= load().catch(() => (loading = null));
    const asked = new URLSearchParams({ q: query, edition: settings.edition });
    try {
      return foundByServer(await fetchJson(`${settings.search}?${asked}`));
    } catch (error) {
      await loading; // the text may come although the server does not search
      if (finder) return finder.find(query);
      throw error;
    }
  };
};

export const makeSearch = (reader, site) => {
  const { panels, find } = reader;
  const panel = panels.search;
  const box = panel.querySelector("[data-search-box]");
  const status = panel.querySelector("[data-search-status]");
  const bar = find("[data-hits]");
  let found = null;
  let query = "";
  let now = -1; // the number of the hit that is shown
  let timer = 0;
  let asked = 0;

  const results = makeResults(site, panel, (number) => show(number));

  const count = () => {
    const known = found.known ?? found.count;
    if (!found.count) return fill(status.dataset.none, { query });
    if (known < found.count) return fill(status.dataset.some, { shown: known, count: found.count });
    return found.count === 1 ? status.dataset.one : fill(status.dataset.many, { count: found.count });
  };

  const search = async () => {
    clearTimeout(timer);
    const wanted = box.value.trim();
    if (!wanted) return clear();
    asked += 1;
    const mine = asked;
    status.textContent = status.dataset.busy;
    try {
      const answer = await source(wanted);
      if (mine === asked) take(wanted, answer);
    } catch (error) {
      if (mine === asked) status.textContent = error.status === 429 ? status.dataset.often : status.dataset.failed;
    }
  };
  const take = (wanted, answer) => {
    if (wanted !== query) now = -1;
    [found, query] = [answer, wanted];
    status.textContent = count();
    results.show(found, now);
    site.mark(found, query, now);
    if (now < 0) bar.hidden = true;
  };
  const clear = () => {
    asked += 1;
    [found, query, now] = [null, "", -1];
    status.textContent = "";
    results.show(null, -1);
    site.mark(null, "", -1);
    bar.hidden = true;
  };

  /* Go to a hit. The first one leaves a way back; those after it do not. */
  const show = (number) => {
    const isNext = now >= 0;
    now = number;
    const known = found.known ?? found.count;
    panel.close();
    bar.hidden = false;
    bar.querySelector("[data-hit-count]").textContent = fill(bar.dataset.label, { number: number + 1, count: found.count });
    results.select(number);
    for (const button of bar.querySelectorAll("[data-hit-step]")) button.disabled = known < 2;
    site.go(found.hit(number), { isNext }).then(() => site.mark(found, query, now));
  };
  const step = (by) => {
    if (!found?.count) return false;
    const known = found.known ?? found.count;
    const from = now < 0 && by < 0 ? 0 : now;
    show((from + by + known) % known);
    return true;
  };

  const source = makeSource(reader, () => query && search());

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
  for (const button of bar.querySelectorAll("[data-hit-step]"))
    button.addEventListener("click", () => step(Number(button.dataset.hitStep)));
  bar.querySelector("[data-hits-close]").addEventListener("click", clear);
  bar.querySelector("[data-hits-all]").addEventListener("click", () => reader.openPanel("search"));

  const { Escape: otherwise } = reader.keys;
  reader.keys.F3 = (event) => step(event.shiftKey ? -1 : 1);
  reader.keys.Escape = (event) => {
    if (bar.hidden) return otherwise?.(event) ?? false;
    clear();
  };
  reader.on("chapter", (shown) => site.mark(found, query, now, shown));
  if (box.value) search();
  return {
    submit: async () => {
      await search();
      if (found?.count) results.focusFirst();
    },
  };
};
