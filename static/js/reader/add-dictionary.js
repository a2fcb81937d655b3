/* The way to the dictionary, if the shop has one of the book's language. What it does is loaded when it is first opened.

   Adds `dictionary` to the reader: `suits(words)` says whether words can be looked up, `open(words, {isBelow, closed})` does
   it; the panel stands at the upper edge if the words are below. */

const MAX_WORDS = 3;
const MAX_CHARACTERS = 80;

const suits = (words) => words.trim() !== "" && words.length <= MAX_CHARACTERS && words.trim().split(/\s+/).length <= MAX_WORDS;

export const addDictionary = (reader) => {
  const panel = reader.panels.dictionary;
  if (!panel || !reader.settings.define) return;
  const form = panel.querySelector("form");
  const status = panel.querySelector("[data-define-status]");
  let dictionary = null;

  const lookUp = async (words) => {
    form.elements.word.value = words;
    try {
      dictionary ??= import("./dictionary.js").then(({ makeDictionary }) => makeDictionary(reader, panel, lookUp));
      await (await dictionary).lookUp(words);
    } catch (error) {
      dictionary = null;
      status.textContent = status.dataset.failed;
      console.error(error);
    }
  };
  const open = (words, { isBelow = false, closed = () => {} } = {}) => {
    panel.classList.toggle("is-above", isBelow);
    panel.addEventListener("close", closed, { once: true });
    reader.openPanel("dictionary");
    const word = suits(words) ? words.trim() : "";
    if (!word) form.elements.word.focus();
    lookUp(word);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lookUp(form.elements.word.value.trim());
  });
  reader.dictionary = { suits, open };
  reader.find("[data-define-key]").hidden = false;
  reader.keys.d = () => reader.selecting?.lookUp() || open("");
};
