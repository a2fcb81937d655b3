/* Keeps what is typed into long forms on this device until the server has it: by person, page and form. Enabled by
   `data-keep` on the form; fields that a browser fills in by itself (`autocomplete`) and all but text are left out.

   A session that ends with the browser may be somebody else's computer: then the tab keeps it, and no longer than it
   lives. Logging out, and a page of somebody else, delete everything. */
{
  const PREFIX = "octavo-typed:";
  const KEPT_MS = 14 * 24 * 3600 * 1000;
  const SENT = "octavo-sent";
  // A navigation that a submit began starts within this time after it.
  const BEGINS_MS = 3000;

  const parsed = (text) => {
    try { return JSON.parse(text); } catch { return null; }
  };
  // Browsers may refuse storage, or have no room left.
  const tried = (act) => {
    try { return act(); } catch { return null; }
  };
  const stores = () => [tried(() => localStorage), tried(() => sessionStorage)].filter(Boolean);
  const forget = (isGone) => {
    for (const store of stores()) {
      for (const name of Object.keys(store)) {
        if (name.startsWith(PREFIX) && isGone(name, parsed(store.getItem(name)))) store.removeItem(name);
      }
    }
  };

  const textsOf = (form) => [...form.elements].filter((field) =>
    field.name && (field.matches("textarea") || field.type === "text") && !field.readOnly
    && [null, "", "off"].includes(field.getAttribute("autocomplete")));
  const valuesOf = (form, read) => Object.fromEntries(textsOf(form).map((field) => [field.id || field.name, read(field)]));
  const typedIn = (form) => valuesOf(form, (field) => field.value);
  const shownIn = (form) => valuesOf(form, (field) => field.defaultValue);
  const isSame = (one, other) => Object.keys(one).every((name) => !(name in other) || one[name].replaceAll("\r\n", "\n") === other[name].replaceAll("\r\n", "\n"));

  /* Whether this page is what a saved form leads to: its submit began this navigation, and the server redirected it,
     not to a log-in and not to a page with a warning. A refusal is no redirect. */
  const isAfterSave = (sent) => {
    const [way] = performance.getEntriesByType("navigation");
    return way?.redirectCount > 0 && Math.abs(performance.timeOrigin - sent.at) < BEGINS_MS
      && !document.querySelector("[data-entrance], [data-messages] .message-error, [data-messages] .message-warning");
  };

  const begin = (form, index, person, store, words) => {
    const key = `${PREFIX}${person}:${location.pathname}#${form.dataset.keep || form.getAttribute("action") || index}`;
    const read = () => parsed(store.getItem(key));
    const drop = () => store.removeItem(key);
    const keep = () => {
      const typed = typedIn(form);
      const base = read()?.base ?? shownIn(form);
      if (isSame(typed, base)) drop();
      else tried(() => store.setItem(key, JSON.stringify({ base, typed, at: Date.now() })));
    };

    const restore = (found) => {
      const fields = textsOf(form);
      const before = typedIn(form);
      for (const field of fields) field.value = found.typed[field.id || field.name] ?? field.value;
      if ("guard" in form.dataset) form.dataset.guard = "typed";
      const notice = document.createElement("div");
      notice.className = "message message-warning";
      notice.setAttribute("role", "status");
      const sentence = document.createElement("p");
      const isOlder = !isSame(found.base, before);
      sentence.textContent = isOlder ? `${words.restored} ${words.changed}` : words.restored;
      const undo = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: words.discard });
      undo.addEventListener("click", () => {
        for (const field of fields) field.value = before[field.id || field.name];
        drop();
        notice.remove();
        fields[0]?.focus();
      });
      const actions = Object.assign(document.createElement("div"), { className: "actions" });
      actions.append(undo);
      notice.append(sentence, actions);
      // A field may be named `before`, and would then stand in the method's place.
      Element.prototype.before.call(form, notice);
    };

    const found = read();
    if (found?.typed && !isSame(found.typed, typedIn(form))) restore(found);
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 400);
    });
    const now = () => {
      if (!waiting) return;
      clearTimeout(waiting);
      waiting = 0;
      keep();
    };
    form.addEventListener("focusout", now);
    addEventListener("pagehide", now);
    form.addEventListener("submit", () => {
      now();
      tried(() => sessionStorage.setItem(SENT, JSON.stringify({ key, at: Date.now() })));
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const sent = tried(() => parsed(sessionStorage.getItem(SENT)));
    tried(() => sessionStorage.removeItem(SENT));
    if (sent && isAfterSave(sent)) forget((name) => name === sent.key);
    const here = document.querySelector("meta[name=person]");
    if (!here) return;
    const person = here.content;
    const oldest = Date.now() - KEPT_MS;
    forget((name, found) => !name.startsWith(`${PREFIX}${person}:`) || !found || found.at < oldest);
    const store = tried(() => (here.dataset.session === undefined ? localStorage : sessionStorage));
    if (!store) return;
    document.querySelectorAll("form[data-keep]").forEach((form, index) => begin(form, index, person, store, here.dataset));
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-log-out]")) forget(() => true);
  }, true);
}
