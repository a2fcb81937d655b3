/* The reader's settings: which values each has, what applies where nothing is set, and which theme that makes.

   Values are strings, as they are stored and synchronised. One that is unknown here, because a newer version has set it,
   does not apply, but is kept. */

const steps = (from, to, by) => Array.from({ length: (to - from) / by + 1 }, (_, n) => String(from + n * by));

export const FONTS = {
  literata: '"Literata", Georgia, serif',
  source: '"Source Sans 3", sans-serif',
  atkinson: '"Atkinson Hyperlegible Next", sans-serif',
  dyslexic: '"OpenDyslexic", sans-serif',
  system: "system-ui, sans-serif",
};

export const VALUES = {
  theme: ["auto", "paper", "sepia", "night", "contrast"],
  size: steps(70, 300, 10), // per cent
  font: Object.keys(FONTS),
  flow: ["paginated", "scrolled"],
  leading: steps(12, 24, 1), // tenths of the size
  align: ["start", "justify"],
  hyphens: ["on", "off"],
  columns: ["auto", "1", "2"],
  width: ["short", "medium", "long"],
  margin: ["narrow", "normal", "wide"],
  letter: steps(0, 20, 2), // hundredths of the size
  word: steps(0, 50, 5), // the same
  paragraph: steps(0, 200, 25), // hundredths of a line
  keys: ["on", "off"],
  pair: ["auto", "never"],
};

const DEFAULTS = {
  theme: "auto",
  size: "100",
  font: "literata",
  flow: "paginated",
  leading: "16",
  align: "start",
  hyphens: "on",
  columns: "auto",
  width: "medium",
  margin: "normal",
  letter: "0",
  word: "0",
  paragraph: "0",
  keys: "on",
  pair: "auto",
};

const CJK = ["ja", "zh", "yue", "wuu"];
/* Letters that are joined, or hang from one line: space between them would break the words. */
export const JOINED = "ar arc as bho bn ckb fa hi kok mai mn-Mong mr ne nqo pa ps sa sd syr ug ur".split(" ");

const languageIs = (language, tags) => tags.some((tag) => language === tag || language.startsWith(`${tag}-`));
export const isCjk = ({ language }) => languageIs(language, CJK);

/* Lines of Japanese and Chinese always end evenly; vertical ones stand further apart. */
export const defaultsFor = (book) => ({
  ...DEFAULTS,
  ...(isCjk(book) && { align: "justify" }),
  ...(book.vertical && { leading: "18" }),
});

export const known = (values) =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => VALUES[name]?.includes(String(value))));

/* Settings without effect on this book are not shown. */
export const hasEffect = (name, look, book) => {
  if (name === "hyphens") return book.language !== "" && !isCjk(book);
  if (name === "word") return !isCjk(book);
  if (name === "letter") return !languageIs(book.language, JOINED);
  if (name === "columns") return look.flow === "paginated";
  return true;
};

// ---------------------------------------------------------------- themes

const DARK = "(prefers-color-scheme: dark)";
const CONTRAST = "(prefers-contrast: more)";

/* The theme chosen for the whole shop in this browser comes before the device's. */
const prefersDark = () => {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia(DARK).matches;
};

/* One of paper, sepia, night, white and black. */
export const themeOf = ({ theme }) => {
  const isDark = prefersDark();
  if (theme === "contrast" || (theme === "auto" && matchMedia(CONTRAST).matches)) return isDark ? "black" : "white";
  return theme === "auto" ? (isDark ? "night" : "paper") : theme;
};

export const isDarkTheme = (name) => name === "night" || name === "black";

export const onPreferredTheme = (act) => {
  for (const query of [DARK, CONTRAST]) matchMedia(query).addEventListener("change", act);
};
