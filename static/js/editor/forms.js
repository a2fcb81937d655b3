/* Small forms in a dialog: an address, a language, what a picture shows. Each is made when it is asked for. */

let count = 0;

export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

export const button = (label, attributes = {}) => element("button", { type: "button", class: "button button-small", ...attributes }, label);

const controlOf = ({ type = "text", name, value, options, ...more }, id) => {
  if (type === "select") {
    const made = (options ?? []).map(([key, label]) => element("option", { value: key, selected: key === value }, label));
    return element("select", { id, name }, ...made);
  }
  if (type === "textarea") return element("textarea", { id, name, rows: 3, ...more }, value ?? "");
  if (type === "checkbox") return element("input", { type, id, name, checked: Boolean(value) });
  if (type === "file") return element("input", { type, id, name, ...more });
  return element("input", { type, id, name, value: value ?? "", ...more });
};

const fieldOf = ({ label, help, list, ...field }) => {
  const id = `editor-field-${(count += 1)}`;
  const control = controlOf(field, id);
  const isCheck = field.type === "checkbox";
  const named = element("label", { for: id }, label);
  const parts = isCheck ? [control, named] : [named];
  if (help) {
    control.setAttribute("aria-describedby", `${id}-help`);
    parts.push(element("p", { class: "help", id: `${id}-help` }, help));
  }
  if (!isCheck) parts.push(control);
  if (list) {
    control.setAttribute("list", `${id}-list`);
    parts.push(element("datalist", { id: `${id}-list` }, ...list.map(([value, name]) => element("option", { value }, name))));
  }
  parts.push(element("p", { class: "errorlist", id: `${id}-error`, role: "alert", hidden: true }));
  return element("div", { class: isCheck ? "field field-check" : "field" }, ...parts);
};

const valuesOf = (form, fields) =>
  Object.fromEntries(
    fields.map(({ name, type }) => {
      const control = form.elements[name];
      if (type === "file") return [name, control.files[0] ?? null];
      return [name, type === "checkbox" ? control.checked : control.value.trim()];
    }),
  );

/* Show an error at its field; says whether there is none. */
const isRight = (form, fields, values) => {
  let first = null;
  for (const { name, check } of fields) {
    const error = check?.(values[name], values) ?? "";
    const control = form.elements[name];
    const shown = form.querySelector(`[id="${control.id}-error"]`);
    shown.textContent = error;
    shown.hidden = !error;
    control.toggleAttribute("aria-invalid", Boolean(error));
    if (error) control.setAttribute("aria-invalid", "true");
    if (error) first ??= control;
  }
  first?.focus();
  return !first;
};

/* Ask for the fields. The answer is their values, "remove", or null. A field: name, label, type, value, help, check. */
export const ask = ({ title, fields, words, mayRemove = false, onReady }) =>
  new Promise((resolve) => {
    const heading = element("h2", { id: `editor-form-${(count += 1)}` }, title);
    const actions = element("div", { class: "actions" }, button(words.apply, { type: "submit", class: "button button-primary" }));
    const cancel = button(words.cancel, { class: "button" });
    actions.append(cancel);
    const remove = button(words.remove, { class: "button button-link" });
    if (mayRemove) actions.append(remove);
    const form = element("form", { novalidate: true }, heading, ...fields.map(fieldOf), actions);
    const dialog = element("dialog", { class: "editor-form", "aria-labelledby": heading.id }, form);
    let answer = null;
    const close = (given) => {
      answer = given;
      dialog.close();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = valuesOf(form, fields);
      if (isRight(form, fields, values)) close(values);
    });
    cancel.addEventListener("click", () => close(null));
    remove.addEventListener("click", () => close("remove"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    onReady?.(form);
    dialog.showModal();
    const [first] = fields;
    if (first) form.elements[first.name].focus();
  });
