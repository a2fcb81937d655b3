/* What the shop's dictionaries say of a word. */

const PATIENCE_MS = 300; // before it says that it is looking

const element = (name, text = "", facts = {}) => Object.assign(document.createElement(name), { textContent: text }, facts);

/* Words that mean the same, or that the dictionary refers to: each can be looked up. */
const references = (label, words, lookUp) => {
  const line = element("p", "", { className: "define-references" });
  line.append(element("span", `${label} `));
  words.forEach((word, index) => {
    const button = element("button", word, { type: "button", className: "button-link" });
    button.addEventListener("click", () => lookUp(word));
    line.append(index ? ", " : "", button);
  });
  return line;
};

const makeSense = ({ text, examples, synonyms, see, note }, { about, labels, lookUp }) => {
  const line = element("li");
  line.append(element("p", text, { lang: about.target }));
  if (note) line.append(element("p", note, { className: "small soft" }));
  for (const [words, translation] of examples) {
    const example = line.appendChild(element("p", "", { className: "define-example" }));
    example.append(element("q", words, { lang: about.language }));
    if (translation) example.append(" – ", element("span", translation, { lang: about.target }));
  }
  if (synonyms.length) line.append(references(labels.synonyms, synonyms, lookUp));
  if (see.length) line.append(references(labels.see, see, lookUp));
  return line;
};

const makeEntry = ({ headword, grammar, senses }, context) => {
  const part = element("article", "", { className: "define-entry" });
  const head = part.appendChild(element("h3"));
  head.append(element("span", headword, { lang: context.about.language }));
  const kind = grammar.map((code) => context.labels[code]).filter(Boolean).join(", ");
  if (kind) head.append(" ", element("span", kind, { className: "define-kind" }));
  const list = part.appendChild(element(senses.length > 1 ? "ol" : "ul"));
  list.append(...senses.map((sense) => makeSense(sense, context)));
  return part;
};

/* The source and its licence, which its authors ask to be shown with it. */
const makeSource = ({ credit, notice, url }, labels) => {
  const source = element("details", "", { className: "define-source small soft" });
  source.append(element("summary", credit));
  source.append(...notice.split("\n\n").map((paragraph) => element("p", paragraph, { lang: "en" })));
  const link = element("a", url, { href: url, target: "_blank", rel: "noopener noreferrer" });
  source.appendChild(element("p", `${labels.source} `)).append(link);
  return source;
};

export const makeDictionary = (reader, panel, lookUp) => {
  const results = panel.querySelector("[data-define-results]");
  const status = panel.querySelector("[data-define-status]");
  const elsewhere = panel.querySelector("[data-define-elsewhere]");
  const share = panel.querySelector("[data-define-share]");
  const labels = { ...results.dataset };
  let asked = null;

  const say = (name, word = "") => (status.textContent = name && status.dataset[name].replace("{word}", word));
  /* Who sees the entries need not read how many they are. */
  const tell = (count) => {
    say(count === 1 ? "one" : count ? "many" : "none", panel.querySelector("form").elements.word.value);
    status.textContent = status.textContent.replace("{count}", count);
    status.classList.toggle("visually-hidden", count > 0);
  };
  const clear = () => {
    asked?.abort();
    results.replaceChildren();
    elsewhere.hidden = true;
    say("");
    status.classList.remove("visually-hidden");
  };
  const show = (found) => {
    for (const { about, entries } of found)
      results.append(...entries.map((entry) => makeEntry(entry, { about, labels, lookUp })), makeSource(about, labels));
    tell(found.flatMap(({ entries }) => entries).length);
    elsewhere.hidden = found.length > 0;
    panel.scrollTop = 0;
  };
  const ask = async (word, signal) => {
    const address = new URL(reader.settings.define, location.href);
    address.searchParams.set("word", word);
    const answer = await fetch(address, { credentials: "same-origin", signal });
    if (answer.ok) return (await answer.json()).found;
    say(answer.status === 429 ? "often" : "broken");
    return null;
  };

  share.hidden = !("share" in navigator);
  share.addEventListener("click", () => navigator.share({ text: panel.querySelector("form").elements.word.value }).catch(() => {}));

  return {
    lookUp: async (word) => {
      clear();
      if (!word) return;
      asked = new AbortController();
      const { signal } = asked;
      const timer = setTimeout(() => say("busy"), PATIENCE_MS);
      try {
        const found = await ask(word, signal);
        if (found) show(found);
      } catch (error) {
        if (!signal.aborted) say("failed"); // no line
      } finally {
        clearTimeout(timer);
      }
    },
  };
};
