/* The dialog in which a note is written. Whatever closes it, what was typed is saved, except for Cancel. */

export const makeEditor = ({ find, panels, notes, say }) => {
  const dialog = panels["note-editor"];
  const form = find("[data-note-form]");
  const field = form.elements.body;
  let open = null;

  const save = async ({ id, target }, body) => {
    if (id) await notes.change(id, { body });
    else await notes.add("highlight", target, { colour: "yellow", body });
    say("saved");
  };
  dialog.addEventListener("close", () => {
    const note = open;
    const body = field.value.trim();
    open = null;
    if (!note || dialog.returnValue === "cancel" || body === note.body) return;
    save(note, body).catch((error) => console.error(error));
  });

  return (note) => {
    open = note;
    dialog.returnValue = "";
    find("[data-note-quote]").textContent = note.target.exact;
    field.value = note.body;
    dialog.showModal();
    field.focus();
  };
};
