/* The reader's events, and what is loaded late. A feature that comes late is told at once what it has missed: the last
   place, that the book is open, the chapters that are there. */

const LASTING = ["open", "renderer", "moved", "account", "pagination", "later"];

/* `now[name]()` are the details of an event that apply now. */
export const makeEvents = (now = {}) => {
  const events = new EventTarget();
  const last = new Map();
  return {
    events,
    tell: (name, detail) => {
      if (LASTING.includes(name)) last.set(name, detail);
      events.dispatchEvent(new CustomEvent(name, { detail }));
    },
    on: (name, act) => {
      events.addEventListener(name, ({ detail }) => act(detail));
      const missed = now[name]?.() ?? (last.has(name) ? [last.get(name)] : []);
      missed.forEach(act);
    },
  };
};

/* Resolves once the features that load late are there. */
export const whenLater = (reader) => new Promise((done) => reader.on("later", done));

const LATE_TOOLS = "[data-open=appearance], [data-bookmark], [data-notes-open]";

/* A tool that is pressed before what it opens has loaded does its work then. */
const holdTools = (tools, loaded) => {
  const hold = (event) => {
    const button = event.target.closest(LATE_TOOLS);
    if (!button) return;
    event.stopImmediatePropagation();
    loaded.then(() => button.click());
  };
  tools.addEventListener("click", hold, true);
  loaded.then(() => tools.removeEventListener("click", hold, true));
};

/* Load more features once the book has been painted. Without a connection, again when there is one. */
export const loadLater = (reader, importModule) => {
  const load = async () => {
    try {
      const { addLater } = await importModule();
      addLater(reader);
      reader.tell("later", {});
      document.documentElement.dataset.readerFeatures = "all"; // for whoever drives the page
    } catch (error) {
      addEventListener("online", load, { once: true });
      console.error(error);
    }
  };
  const loaded = new Promise((done) => requestAnimationFrame(() => setTimeout(() => load().then(done))));
  holdTools(reader.find("[data-reader-tools]"), loaded);
};
