/* The list of a book's notes, by chapter. Loaded when it is first opened. */

const matches = (filter) => (note) =>
  !filter || (filter === "bookmark" ? note.kind === "bookmark" : filter === "noted" ? note.body !== "" : note.kind === "highlight" && note.colour === filter);

const fill = (context, line, note) => {
  const { find, notes, labelOf } = context;
  const found = notes.spotOf(note);
  const spot = found && { page: note.target.page, ...found };
  const isBookmark = note.kind === "bookmark";
  const part = (selector) => line.querySelector(selector);
  const words = part("[data-go]");
  words.textContent = isBookmark ? `${find("[data-bookmark-words]").content.textContent}: ${note.target.exact}…` : note.target.exact;
  words.dataset.colour = isBookmark ? "" : note.colour;
  if (!spot) words.removeAttribute("href");
  part("[data-body]").textContent = note.body;
  part("[data-body]").hidden = !note.body;
  part("[data-other]").hidden = !note.otherBody;
  part("[data-other-body]").textContent = note.otherBody;
  part("[data-refused]").hidden = !note.refused;
  part("[data-page]").textContent = spot ? labelOf(spot) : "";
  part("[data-changed-words]").hidden = spot?.state !== "changed";
  part("[data-place]").hidden = Boolean(spot) && spot.state !== "changed";
  part("[data-edit]").hidden = isBookmark;
  line.firstElementChild.dataset.id = note.id;
};

/* The sections of a list: notes in a row that have the same chapter. */
const byChapter = (notes) => {
  const sections = [];
  for (const note of notes) {
    if (sections.at(-1)?.title !== note.title) sections.push({ title: note.title, notes: [] });
    sections.at(-1).notes.push(note);
  }
  return sections;
};

const makePanel = (context) => {
  const { find, panels, notes, sync, text, reader } = context;
  const panel = panels.notes;
  const list = find("[data-notes-list]");
  const unplaced = find("[data-notes-unplaced]");
  const page = find("[data-notes-page]"); // it has what the server knows; a sample has none
  if (page) page.firstElementChild.href += `${context.settings.work}/`;
  const filter = () => panel.querySelector("[name=notes-filter]:checked").value;
  const titleOf = (note) => {
    const found = text.locate(notes.spotOf(note).start);
    return found ? context.titleOf(found.part) : note.target.chapter;
  };
  const lineOf = (note) => {
    const line = find("[data-note-line]").content.cloneNode(true);
    fill(context, line, note);
    return line;
  };
  const sectionOf = ({ title, notes: some }) => {
    const section = find("[data-note-chapter]").content.cloneNode(true);
    section.querySelector("h3").textContent = title;
    section.querySelector("ol").append(...some.map(lineOf));
    return section;
  };

  const draw = () => {
    const all = notes.all();
    const wanted = all.filter(matches(filter()));
    const lost = wanted.filter((note) => !notes.spotOf(note));
    const placed = wanted.filter((note) => notes.spotOf(note)).map((note) => ({ ...note, title: titleOf(note) }));
    const focused = document.activeElement?.closest?.("[data-id]")?.dataset.id;
    list.replaceChildren(...byChapter(placed).map(sectionOf));
    unplaced.hidden = !lost.length;
    unplaced.querySelector("ol").replaceChildren(...lost.map(lineOf));
    find("[data-notes-empty]").hidden = all.length > 0;
    find("[data-notes-none]").hidden = !all.length || wanted.length > 0;
    find("[data-notes-filter]").hidden = !all.length;
    find("[data-notes-local]").hidden = !sync.isLocal;
    if (page) page.hidden = sync.isLocal || !all.length;
    find("[data-notes-signed-out]").hidden = !sync.isSignedOut();
    if (focused) panel.querySelector(`[data-id="${focused}"] a`)?.focus();
  };

  const settle = (note, choice) => {
    const body = { mine: note.body, other: note.otherBody, both: `${note.body}\n\n${note.otherBody}` }[choice];
    return notes.change(note.id, { body }, { isSettled: true });
  };
  const go = (note) => {
    panel.close();
    const { start: [block, offset], page = note.target.page } = notes.spotOf(note);
    if (reader.jumpTo) reader.jumpTo({ block, offset, page });
    else reader.jump(text.targetOf({ block, offset }));
  };
  const onClick = (event) => {
    const note = notes.get(event.target.closest("[data-id]")?.dataset.id);
    const on = (selector) => note && event.target.closest(selector);
    if (on("[data-go]")) event.preventDefault();
    if (on("[data-go][href]")) go(note);
    else if (on("[data-remove]")) context.remove(note.id);
    else if (on("[data-keep]")) settle(note, event.target.dataset.keep);
    else if (on("[data-edit]")) context.edit(note); // above the list, which is there again afterwards
    else if (on("[data-place]")) {
      panel.close();
      context.placeByHand(note.id);
    }
  };
  panel.addEventListener("click", onClick);
  panel.addEventListener("change", draw);
  notes.onChange(() => panel.open && draw());
  return { panel, draw };
};

let made = null;

export const openNotesPanel = (context) => {
  made ??= makePanel(context);
  made.draw();
  made.panel.showModal();
};
