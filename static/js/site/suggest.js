/* Search suggestions: the combobox pattern of the ARIA practices guide. Without scripts, or without suggestions, the
   form searches as usual. */
document.addEventListener("DOMContentLoaded", () => {
  const input = document.querySelector("[data-search]");
  const list = document.querySelector("[data-suggestions]");
  if (!input || !list) return;
  const status = document.querySelector("[data-suggested]");
  let waiting = 0, asked = null, active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const open = (is) => {
    list.hidden = !is;
    input.setAttribute("aria-expanded", is);
    if (!is) choose(-1);
  };
  const choose = (place) => {
    options().forEach((one, i) => one.setAttribute("aria-selected", i === place));
    active = place;
    const chosen = options()[place];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const words = input.value.trim();
    let text = "";
    if (words) {
      try {
        const answer = await fetch(list.dataset.suggestions + "?q=" + encodeURIComponent(words), { signal: asked.signal, credentials: "omit" });
        if (answer.ok) text = await answer.text();
      } catch { return; }
    }
    if (document.activeElement !== input) return;
    list.innerHTML = text;
    const said = list.querySelector("[data-said]");
    status.textContent = said ? said.dataset.said : "";
    open(Boolean(said));
  };
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      if (list.hidden) open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options()[active].click();
    }
  });
  input.addEventListener("blur", () => {
    clearTimeout(waiting);
    open(false);
  });
  // Pressing a suggestion must not close the list before the click event.
  list.addEventListener("mousedown", (event) => event.preventDefault());
});
