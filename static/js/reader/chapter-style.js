/* The style that the settings give to a chapter, after the book's own sheet. It changes running text; verse, code, tables
   and headings keep their shapes, because the book's rules for them are more specific, or because they are named here. */

import { FONTS, isDarkTheme, JOINED, themeOf } from "./appearance.js";
import { TEXT_EM } from "./page-sizes.js";

const LARGEST_HEADING_EM = 1.6; // the book's
const LARGE_TEXT = 200; // per cent, from which on headings are hardly larger than the text
const LARGE_TEXT_HEADING_EM = 1.2;
const TIGHT_HEADING_EM = 1.05; // of large text on a short line: most words fit unbroken

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const em = (hundredths) => `${hundredths / 100}em`;

/* The rules of this page for the files of the chosen font: a chapter's document has none of them. */
const faces = (family) =>
  [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => [rule, sheet.href]))
    .filter(([rule]) => rule instanceof CSSFontFaceRule && rule.cssText.includes("url("))
    .filter(([rule]) => family.startsWith(`"${rule.style.getPropertyValue("font-family").replaceAll('"', "")}"`))
    .map(([rule, base]) => rule.cssText.replace(/url\("?([^")]+)"?\)/g, (_, url) => `url("${new URL(url, base)}")`))
    .join("\n");

/* Pictures in a dark theme are dimmed; light paper under them shows drawings without a background of their own. */
const colours = (theme) => `
  html { color-scheme: ${isDarkTheme(theme) ? "dark" : "light"}; background: none; color: ${token("--ink")}; }
  a:link, a:visited { color: ${token("--reader-link")}; }
  ::selection { background: ${token("--reader-selection")}; color: ${token("--ink")}; }
  ${isDarkTheme(theme) ? "img { background: #efe9df; color: #211c16; filter: brightness(.86); }" : ""}`;

/* Space between letters and words is not for code and formulas, nor for letters that are joined. */
const spacing = (look) => `
  html body, html.vertical body { line-height: ${look.leading / 10}; }
  body { letter-spacing: ${em(look.letter)}; word-spacing: ${em(look.word)}; }
  pre, code, math, ${JOINED.map((tag) => `:lang(${tag})`).join(", ")} { letter-spacing: normal; }
  pre, code, math { word-spacing: normal; }`;

/* Paragraphs with space between them need no indent. A vertical one keeps it, as is usual there. */
const paragraphs = (look, isTight) => `
  ${look.paragraph > 0 ? `p + p { margin-block-start: ${look.paragraph / 100}lh; text-indent: 0; } td p, th p { margin: 0; }` : ""}
  p { text-align: ${look.align === "justify" && !isTight ? "justify" : "start"}; }
  p:where(:lang(ja), :lang(zh)) { text-align: ${look.align}; }`;

const hyphens = (look) => `
  body { hyphens: ${look.hyphens === "on" ? "auto" : "manual"}; -webkit-hyphens: ${look.hyphens === "on" ? "auto" : "manual"}; hyphenate-limit-chars: 6 3 3; }
  html:is(:not([lang]), [lang=""]) body { hyphens: manual; -webkit-hyphens: manual; }`;

const headings = (look, isTight) => {
  const share = Math.max(0, Math.min(1, (look.size - 100) / (LARGE_TEXT - 100)));
  const least = isTight ? TIGHT_HEADING_EM : LARGE_TEXT_HEADING_EM;
  const most = LARGEST_HEADING_EM - share * (LARGEST_HEADING_EM - least);
  return `
  h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
  h1 { font-size: ${most}em; }
  h2 { font-size: ${Math.min(1.3, most)}em; }`;
};

/* Where a line has room for a few words only, indents and margins give way to them. */
const tight = (look) => `
  body { widows: 1; orphans: 1; overflow-wrap: break-word; }
  h1 { margin-block: .5em .8em; }
  h1, h2, h3, h4, h5, h6 { ${look.hyphens === "on" ? "hyphens: auto; -webkit-hyphens: auto;" : ""} }
  blockquote, figure { margin-inline: .4em; }
  ul, ol { padding-inline: 1.2em 0; }
  dd { margin-inline-start: .6em; }
  .box { padding: .4em .5em; }
  .epigraph { margin-inline: 0; }
  .verse { margin-inline-start: 0; }
  .line { padding-left: 0; padding-inline-start: 1em; text-indent: -1em; }
  ${Array.from({ length: 8 }, (_, n) => `.in${n + 1} { padding-inline-start: ${1 + (n + 1) * 0.3}em; }`).join("\n  ")}`;

/* `sizes`: from `pageSizes`. */
export const chapterStyle = (look, { isTight, hasFewLines }) => `${faces(FONTS[look.font])}
  html { font-size: ${look.size}%; }
  body { margin: 0 !important; font-family: ${FONTS[look.font]} !important; font-size: ${TEXT_EM}rem; color: inherit; background: none; }
  .noteref { padding: 0 .2em; text-decoration: none; }
  ${colours(themeOf(look))}${spacing(look)}${paragraphs(look, isTight)}${hyphens(look)}${headings(look, isTight)}${isTight ? tight(look) : ""}
  ${hasFewLines ? "html.vertical h1 { margin: 0 .5em 0 .8em; }" : ""}`;
