/* Footnotes open in a panel as text: of the book's own markup only a few inline elements are kept. */

const KEPT = new Set(["p", "em", "i", "strong", "b", "sup", "sub", "code", "q", "cite", "br", "ul", "ol", "li", "blockquote"]);

const copy = (from, to) => {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const name = node.localName;
    if (name === "script" || name === "style" || node.getAttribute("role") === "doc-backlink") continue;
    copy(node, KEPT.has(name) ? to.appendChild(document.createElement(name)) : to);
  }
};

const isNoteReference = (link) =>
  link.getAttribute("role") === "doc-noteref" || link.classList.contains("noteref");

/* Fill `panel` with the note that `href` points to. Returns false if there is none. */
const fillNote = async (book, href, panel) => {
  const place = book.resolveHref(href);
  if (!place) return false;
  const doc = await book.sections[place.index].createDocument();
  const note = place.anchor(doc);
  if (!note || !note.childNodes) return false;
  panel.replaceChildren();
  copy(note, panel);
  return panel.textContent.trim() !== "";
};

export const addFootnotes = (reader) => {
  const { book, panels, view, find } = reader;
  view.addEventListener("link", (event) => {
    const { a, href } = event.detail;
    event.preventDefault();
    const target = view.resolveNavigation(href);
    const follow = () => reader.jump(target);
    if (!isNoteReference(a)) return follow();
    fillNote(book, href, find("[data-note-text]")).then((found) => {
      if (!found) return follow();
      find("[data-note-go]").onclick = () => {
        panels.note.close();
        follow();
      };
      panels.note.showModal();
    }, follow);
  });
};
