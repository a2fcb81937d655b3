/* A formula to look at. The engine has rebuilt its MathML; it is built here element by element from a closed list all the
   same, and never given to a parser of markup. */

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const ELEMENTS = new Set(
  ("math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup msubsup " +
    "munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr").split(" "),
);
const ATTRIBUTES = new Set(
  ("display mathvariant stretchy fence separator form lspace rspace minsize maxsize accent accentunder linethickness " +
    "columnalign rowalign columnspan rowspan open close separators notation width height depth voffset").split(" "),
);
const TOKEN = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g;
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const decoded = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = parseInt(hex ?? decimal, hex ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });

/* The formula as an element, or null where it is not MathML as the engine writes it. */
export const formula = (source) => {
  const root = document.createElementNS(NAMESPACE, "math");
  const open = [root];
  for (const [, closing, name, attributes, isEmpty, text] of source.matchAll(TOKEN)) {
    const parent = open.at(-1);
    if (text !== undefined) parent.append(decoded(text));
    else if (!ELEMENTS.has(name)) return null;
    else if (closing) {
      if (open.length > 1) open.pop();
    } else {
      const made = name === "math" && parent === root ? root : document.createElementNS(NAMESPACE, name);
      for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) if (ATTRIBUTES.has(key)) made.setAttribute(key, decoded(value));
      if (made !== root) parent.append(made);
      if (!isEmpty) open.push(made);
    }
  }
  return root.firstChild ? root : null;
};
