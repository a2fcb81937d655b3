/* How blocks look that are more than running text. Each has words that a screen reader says, and, where something can be
   changed that is not its text, a button that opens a form. */

import { NodeSelection, TextSelection } from "prosemirror-state";
import { button, element } from "./forms.js";
import { formula } from "./mathml.js";
import { addCaption, cellAt, reshape, toggleHeader } from "./tables.js";

const still = (tag, attributes, ...children) => element(tag, { ...attributes, contenteditable: "false" }, ...children);

/* The attributes of the node itself as the schema shows them. */
const frame = (node) => {
  const [tag, attributes] = node.type.spec.toDOM(node);
  return element(tag, attributes);
};

const toolOf = (label, open) => {
  const tool = button(label, { class: "button button-small editor-island-tool" });
  tool.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  return tool;
};

/* A view whose own parts are still; `shows` says whether it can show another node without being made anew. */
const island = (dom, contentDOM, tools) => ({
  dom,
  contentDOM,
  stopEvent: ({ target }) => tools.some((tool) => tool.contains(target)),
  ignoreMutation: (record) => record.type !== "selection" && !(contentDOM && contentDOM.contains(record.target)),
});

const selectAt = (view, pos) => view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));

/* A position in the first cell of a table. */
const firstCellOf = (table, pos) => pos + 3 + (table.firstChild.type.name === "table_caption" ? table.firstChild.nodeSize : 0);

export const makeIslands = ({ data, words, chapter, open, say }) => {
  const pictureUrl = (asset) => (data.pictures && /^[0-9a-f]{64}$/.test(asset ?? "") ? data.pictures.replace("{asset}", asset) : "");

  const picture = (asset, alt) => {
    const src = pictureUrl(asset);
    const none = still("span", { class: "editor-no-picture" }, words.picture);
    if (!src) return none;
    const shown = still("img", { src, alt: alt || words.noDescription, loading: "lazy" });
    // Not every format of an upload can be shown before the book is made.
    shown.addEventListener("error", () => shown.replaceWith(none), { once: true });
    return shown;
  };

  const figure = (node, view, getPos) => {
    const { asset, alt = "", decorative = false } = node.attrs.attributes;
    const tool = toolOf(words.describePicture, () => open("picture", view, getPos));
    const tools = [tool];
    if (data.putPicture) tools.push(toolOf(words.replacePicture, () => open("replacePicture", view, getPos)));
    if (!node.childCount) tools.push(toolOf(words.addCaption, () => addCaption(view, getPos())));
    const shown = still("div", { class: "editor-picture" }, picture(asset, alt));
    shown.append(element("p", { class: "editor-alt" }, decorative ? words.decorative : alt || words.noDescription), element("div", { class: "editor-island-tools" }, ...tools));
    shown.querySelector("img, span").addEventListener("mousedown", () => selectAt(view, getPos()));
    const caption = element("div", { class: "editor-caption" });
    const dom = frame(node);
    dom.append(shown, caption);
    return island(dom, caption, tools);
  };

  const table = (node, view, getPos) => {
    /* A tool for the cell of the cursor; where there is none, the first one is meant. */
    const cellTool = (name, command) =>
      toolOf(words.table[name], () => {
        const at = cellAt(view.state);
        if (at?.pos !== getPos()) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(firstCellOf(node, getPos())))));
        const why = command(view);
        if (why) say(words.tableRefused[why]);
      });
    const tools = [
      ...["rowAfter", "columnAfter", "removeRow", "removeColumn"].map((name) => cellTool(name, reshape(name))),
      cellTool("header", toggleHeader),
      toolOf(words.tableForm, () => open("table", view, getPos)),
    ];
    if (node.firstChild.type.name !== "table_caption") tools.push(toolOf(words.addCaption, () => addCaption(view, getPos())));
    const body = element("table");
    const { header_rows: headerRows = 0 } = node.attrs.attributes;
    body.dataset.headerRows = String(headerRows);
    const { lang, dir } = frame(node);
    const dom = element("div", { class: "editor-table", "data-id": node.attrs.id, lang: lang || null, dir: dir || null }, still("div", { class: "editor-island-head editor-table-tools", role: "group", "aria-label": words.tableTools }, ...tools));
    dom.append(body);
    return island(dom, body, tools);
  };

  const code = (node, view, getPos) => {
    const { language } = node.attrs.attributes;
    const tool = toolOf(language || words.codeForm, () => open("code", view, getPos));
    const content = element("code");
    const pre = frame(node);
    pre.append(content);
    const dom = element("div", { class: "editor-code" }, still("div", { class: "editor-island-head" }, tool), pre);
    return island(dom, content, [tool]);
  };

  const sceneBreak = (node, view, getPos) => {
    const { sign = "" } = node.attrs.attributes;
    const tool = toolOf(words.sceneForm, () => open("scene", view, getPos));
    const sight = sign.trim() || (sign ? "" : "⁂");
    const dom = still("div", { class: "editor-scene", "data-id": node.attrs.id, role: "group", "aria-label": words.sceneBreak });
    dom.append(element("span", { class: "editor-scene-sign" }, sight || "\u00a0"), tool);
    return island(dom, null, [tool]);
  };

  const opaque = (node) => {
    const kind = node.attrs.source?.kind ?? "";
    return island(still("div", { class: "editor-opaque" }, words.opaque.replace("{kind}", kind)), null, []);
  };

  const note = (node) => {
    const label = node.attrs.label || "*";
    const content = element("div", { class: "editor-note-text" });
    const head = still("span", { class: "editor-note-label", "aria-label": words.note.replace("{label}", label) }, label);
    const dom = element("div", { class: "editor-note", "data-note": node.attrs.object }, head, content);
    return island(dom, content, []);
  };

  const notes = () => {
    const content = element("div");
    const dom = element("section", { class: "editor-notes" }, still("p", { class: "editor-notes-title" }, words.notes), content);
    return island(dom, content, []);
  };

  const ruby = (node, view, getPos) => {
    const dom = still("ruby", { class: "editor-ruby" }, node.attrs.base, element("rt", {}, node.attrs.above));
    dom.addEventListener("dblclick", () => open("ruby", view, getPos));
    return island(dom, null, []);
  };

  /* What a stand-in in running text shows. */
  const shownObject = (key, about, alt) => {
    if (about?.kind === "note") return element("span", { class: "editor-note-mark", "aria-label": words.note.replace("{label}", about.label || "*") }, about.label || "*");
    if (about?.kind === "picture") return picture(about.asset, alt ?? about.alt);
    const made = about?.mathml ? formula(about.mathml) : null;
    return made ?? element("span", {}, about?.alt || words.formula);
  };

  const object = (node, view, getPos) => {
    const { key, alt } = node.attrs;
    const about = chapter().objects?.[key];
    const dom = still("span", { class: "editor-object", "data-object": key, "data-kind": about?.kind ?? "" }, shownObject(key, about, alt));
    if (about?.kind === "math" && about.display) dom.classList.add("is-display");
    if (about?.kind === "picture") dom.addEventListener("dblclick", () => open("inlinePicture", view, getPos));
    if (about?.kind === "note") dom.addEventListener("dblclick", () => open("note", view, getPos));
    return island(dom, null, []);
  };

  return { figure, table, code_block: code, scene_break: sceneBreak, opaque, note, notes, ruby, object };
};
