/* Two style sheets of ours in each chapter, one before and one after the book's own. */

const SHEET = "http://www.w3.org/1999/xhtml";

export const makeSheets = () => {
  const sheets = new WeakMap();
  let texts = ["", ""];
  const dress = (doc) => sheets.get(doc)?.forEach((sheet, index) => (sheet.textContent = texts[index]));
  return {
    add: (doc) => {
      const made = [doc.createElementNS(SHEET, "style"), doc.createElementNS(SHEET, "style")];
      doc.head.prepend(made[0]);
      doc.head.append(made[1]);
      sheets.set(doc, made);
      dress(doc);
    },
    /* `styles` is a text, or two: before and after. */
    set: (styles, docs) => {
      texts = Array.isArray(styles) ? styles : ["", styles];
      docs.forEach(dress);
    },
  };
};
