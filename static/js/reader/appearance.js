/* Reader settings: stored in this browser, applied to the frame and to the chapter inside it. */

const DEFAULTS = { theme: "", flow: "paginated", font: "serif", width: "640", size: "100", leading: "16", keys: "on" };
const FONTS = {
  serif: '"Literata", Georgia, serif',
  sans: '"Source Sans 3", sans-serif',
  system: "system-ui, sans-serif",
};

export const readAppearance = () => {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem("reader") ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
};

export const keepAppearance = (look) => {
  try {
    localStorage.setItem("reader", JSON.stringify(look));
  } catch {
    /* not stored, so it only lasts for this page */
  }
};

export const themeOf = (look) =>
  look.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "paper");

/* The fonts of this page, for a document without its own. */
const faces = () =>
  [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => [rule, sheet.href]))
    .filter(([rule]) => rule instanceof CSSFontFaceRule && rule.cssText.includes("url("))
    .map(([rule, base]) => rule.cssText.replace(/url\("?([^")]+)"?\)/g, (_, url) => `url("${new URL(url, base)}")`))
    .join("\n");

export const chapterStyle = (look) => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const scheme = themeOf(look) === "dark" ? "dark" : "light";
  return `${faces()}
    html { color-scheme: ${scheme}; font-size: ${look.size}%; background: none; color: ${token("--ink")}; }
    body { margin: 0 !important; font-family: ${FONTS[look.font]} !important; font-size: 1.16rem; line-height: ${look.leading / 10}; color: inherit; background: none; }
    h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
    p { text-align: ${Number(look.size) > 160 ? "start" : "inherit"}; }
    a:link, a:visited { color: ${token("--reader-link")}; }
    .noteref { padding: 0 .2em; text-decoration: none; }
    ::selection { background: ${token("--reader-selection")}; }
    img { ${scheme === "dark" ? "filter: brightness(.86);" : ""} }`;
};
