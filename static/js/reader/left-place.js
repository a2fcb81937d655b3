/* The place at which a page is left. A browser may suspend that page at once, and in WebKit a transaction it has begun then
   keeps every later page from the store: so the place is in localStorage until the book is opened next. */

const prefixOf = (person) => `reader-left-${person || "browser"}-`;
const nameOf = ({ person, work }) => `${prefixOf(person)}${work}`;

export const keepLeft = (settings, place) => {
  try {
    localStorage.setItem(nameOf(settings), JSON.stringify(place));
  } catch { /* then it is only sent */ }
};

export const takeLeft = (settings) => {
  try {
    const left = JSON.parse(localStorage.getItem(nameOf(settings)));
    localStorage.removeItem(nameOf(settings));
    return left;
  } catch {
    return null;
  }
};

export const forgetLeft = (person) => {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(prefixOf(person))) localStorage.removeItem(name);
  } catch { /* nothing is kept */ }
};
