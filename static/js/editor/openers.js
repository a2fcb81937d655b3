/* The forms of the editor: which fields each has, and what is done with them. */

import { TextSelection } from "prosemirror-state";
import { ask } from "./forms.js";
import { byCommand } from "./guard.js";
import { markAround, setMark } from "./marks.js";
import { isLanguage, isSafeLink } from "./schema.js";
import { insertTable, MAX_COLUMNS, MAX_ROWS } from "./tables.js";

const MAX_HEADER_ROWS = 20;

/* A language's name in the page's own. */
const nameOf = (code) => {
  try {
    return new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
};

const COMMON = ["ar", "de", "el", "en", "es", "fr", "grc", "he", "it", "ja", "la", "nl", "pl", "pt", "ru", "sv", "tr", "zh"];

/* Change attributes of a block; those that are empty are gone, as the engine leaves out what is by default. */
const setAttributes = (view, pos, changes) => {
  const { attributes } = view.state.doc.nodeAt(pos).attrs;
  const changed = Object.fromEntries(Object.entries({ ...attributes, ...changes }).filter(([, value]) => value !== "" && value !== 0 && value !== false));
  byCommand(view.dispatch)(view.state.tr.setNodeAttribute(pos, "attributes", changed));
};

const altFields = (words, alt, decorative) => [
  { name: "alt", type: "textarea", label: words.alt, help: words.altHelp, value: alt, maxlength: 2000 },
  { name: "isDecorative", type: "checkbox", label: words.decorative, value: Boolean(decorative) },
];

/* A picture that says nothing needs no description. */
const linkDecorative = (form) => {
  const { alt, isDecorative } = form.elements;
  alt.disabled = isDecorative.checked;
  isDecorative.addEventListener("change", () => (alt.disabled = isDecorative.checked));
};

const altOf = ({ alt, isDecorative }) => (isDecorative ? "" : alt.replace(/\s+/g, " "));

/* `upload(file, block, isNew)` puts a picture into the chapter on the server and brings it here; null where nobody may. */
export const makeOpeners = ({ words, chapter, say, upload, pictureTypes }) => {
  const form = (fields, title, more) => ask({ title, fields, words, ...more });

  const picture = async (view, getPos) => {
    const { alt = "", decorative = false } = view.state.doc.nodeAt(getPos()).attrs.attributes;
    const answer = await form(altFields(words, alt, decorative), words.describePicture, { onReady: linkDecorative });
    if (answer) setAttributes(view, getPos(), { alt: altOf(answer), decorative: Boolean(answer.isDecorative) });
  };

  /* All that show the same picture: the chapter lists it once. */
  const inlinePicture = async (view, getPos) => {
    const { key, alt, decorative } = view.state.doc.nodeAt(getPos()).attrs;
    const answer = await form(altFields(words, alt ?? "", decorative), words.describePicture, { onReady: linkDecorative });
    if (!answer) return;
    const { tr } = view.state;
    view.state.doc.descendants((node, pos) => {
      if (node.type.name !== "object" || node.attrs.key !== key) return;
      tr.setNodeAttribute(pos, "alt", altOf(answer)).setNodeAttribute(pos, "decorative", Boolean(answer.isDecorative));
    });
    byCommand(view.dispatch)(tr);
  };

  const askPicture = (title) => {
    const check = (file) => (file ? "" : words.pictureRequired);
    return form([{ name: "picture", type: "file", label: words.pictureFile, help: words.pictureFileHelp, accept: pictureTypes, check }], title);
  };

  const replacePicture = async (view, getPos) => {
    const { id, key } = view.state.doc.nodeAt(getPos()).attrs;
    const answer = await askPicture(words.replacePicture);
    if (answer) await upload(answer.picture, id ?? key, false);
  };

  /* A new picture after the block of the chapter that the cursor is in. */
  const newPicture = async (view) => {
    const answer = await askPicture(words.newPicture);
    if (answer) await upload(answer.picture, view.state.selection.$from.node(1).attrs.id, true);
  };

  const newTable = async (view) => {
    const check = (max) => (value) => (/^\d{1,3}$/.test(value) && value > 0 && value <= max ? "" : words.tableSizeError.replace("{max}", max));
    const fields = [
      { name: "rows", type: "number", label: words.rows, value: 3, min: 1, max: MAX_ROWS, check: check(MAX_ROWS) },
      { name: "columns", type: "number", label: words.columns, value: 2, min: 1, max: MAX_COLUMNS, check: check(MAX_COLUMNS) },
    ];
    const answer = await form(fields, words.newTable);
    if (answer) insertTable(view, Number(answer.rows), Number(answer.columns));
  };

  const table = async (view, getPos) => {
    const node = view.state.doc.nodeAt(getPos());
    let rows = 0;
    node.forEach(({ type }) => (rows += type.name === "row" ? 1 : 0));
    const max = Math.min(rows, MAX_HEADER_ROWS);
    const check = (value) => (/^\d{1,3}$/.test(value) && Number(value) <= max ? "" : words.headerRowsError.replace("{max}", max));
    const value = String(node.attrs.attributes.header_rows ?? 0);
    const fields = [{ name: "rows", type: "number", label: words.headerRows, help: words.headerRowsHelp, value, min: 0, max, check }];
    const answer = await form(fields, words.tableForm);
    if (answer) setAttributes(view, getPos(), { header_rows: Number(answer.rows) });
  };

  const code = async (view, getPos) => {
    const { language = "" } = view.state.doc.nodeAt(getPos()).attrs.attributes;
    const check = (value) => (/^[A-Za-z0-9+#._-]{0,40}$/.test(value) ? "" : words.codeLanguageError);
    const answer = await form([{ name: "language", label: words.codeLanguage, value: language, check, autocapitalize: "off" }], words.codeForm);
    if (answer) setAttributes(view, getPos(), { language: answer.language });
  };

  const scene = async (view, getPos) => {
    const { sign = "" } = view.state.doc.nodeAt(getPos()).attrs.attributes;
    const answer = await form([{ name: "sign", label: words.sceneSign, help: words.sceneSignHelp, value: sign, maxlength: 40 }], words.sceneForm);
    if (answer) setAttributes(view, getPos(), { sign: answer.sign });
  };

  const ruby = async (view, getPos) => {
    const pos = getPos();
    const node = view.state.doc.nodeAt(pos);
    const check = (value) => (value ? "" : words.required);
    const fields = [
      { name: "base", label: words.rubyBase, value: node.attrs.base, check },
      { name: "above", label: words.rubyAbove, value: node.attrs.above, check },
    ];
    const answer = await form(fields, words.rubyForm);
    if (answer) byCommand(view.dispatch)(view.state.tr.setNodeMarkup(pos, null, answer, node.marks));
  };

  /* The words of a note are below the chapter. */
  const note = (view, getPos) => {
    const { key } = view.state.doc.nodeAt(getPos()).attrs;
    view.state.doc.descendants((node, pos) => {
      if (node.type.name === "note" && node.attrs.object === key) {
        view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos + 1))).scrollIntoView());
        view.focus();
      }
      return !node.isTextblock;
    });
  };

  const withMark = async (view, name, fieldsOf, attrsOf) => {
    if (!setMark(name, null)(view.state)) {
      say(words.selectFirst);
      return;
    }
    const around = markAround(view.state, name);
    const answer = await form(fieldsOf(around?.mark.attrs ?? {}), words[`${name}Form`], { mayRemove: Boolean(around) });
    view.focus();
    if (answer) setMark(name, answer === "remove" ? null : attrsOf(answer, around?.mark.attrs))(view.state, byCommand(view.dispatch));
  };

  const link = (view) => {
    const check = (value) => (isSafeLink(value) ? "" : words.linkError);
    return withMark(
      view,
      "link",
      ({ href = "" }) => [{ name: "href", type: "text", inputmode: "url", label: words.linkAddress, help: words.linkHelp, value: href, check, autocapitalize: "off" }],
      ({ href }) => ({ href }),
    );
  };

  const language = (view) => {
    const check = (value) => (isLanguage(value) ? "" : words.languageError);
    const directions = [["", words.directionAuto], ["ltr", words.directionLtr], ["rtl", words.directionRtl]];
    return withMark(
      view,
      "language",
      ({ lang = "", direction = "" }) => [
        { name: "lang", label: words.languageCode, help: words.languageHelp, value: lang, check, list: COMMON.map((code) => [code, nameOf(code)]), autocapitalize: "off" },
        { name: "direction", type: "select", label: words.direction, value: direction, options: directions },
      ],
      ({ lang, direction }, before) => ({ lang: Intl.getCanonicalLocales(lang)[0], direction, dress: before?.dress ?? "" }),
    );
  };

  const chapterObject = (view, getPos) => {
    const kind = chapter().objects?.[view.state.doc.nodeAt(getPos()).attrs.key]?.kind;
    return { picture: inlinePicture, note }[kind]?.(view, getPos);
  };

  return { picture, inlinePicture, ...(upload && { replacePicture, newPicture }), newTable, table, code, scene, ruby, note, link, language, object: chapterObject };
};

/* The form of a selected node, by the name of its type. */
export const FORM_OF_NODE = { figure: "picture", table: "table", scene_break: "scene", ruby: "ruby", object: "object" };
