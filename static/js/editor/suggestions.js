/* What others propose for this chapter, beside the text: the words now, the words proposed, and a button for each answer. */

import { button, element } from "./forms.js";

const textOf = (value) => (typeof value === "string" ? value : (value ?? []).map((row) => (typeof row === "string" ? row : row[0])).join(""));

const changeOf = ({ before, after }, words) => {
  const shown = element("p", { class: "editor-change" });
  if (textOf(before)) shown.append(element("del", { "aria-label": `${words.suggestionBefore}: ${textOf(before)}` }, textOf(before)), " ");
  if (textOf(after)) shown.append(element("ins", { "aria-label": `${words.suggestionAfter}: ${textOf(after)}` }, textOf(after)));
  return shown;
};

/* `post(url)` answers whether it was done; `go(block)` shows the block in the text; `reload` brings what the server has. */
export const makeSuggestions = ({ words, post, go, reload, say }) => {
  const list = element("ol", { class: "editor-suggestion-list" });
  const panel = element("aside", { class: "editor-suggestions", "aria-label": words.suggestions, hidden: true }, element("h2", {}, words.suggestions), list);

  const answerWith = (label, url, item) => {
    const tool = button(label);
    tool.addEventListener("click", async () => {
      tool.disabled = true;
      if (await post(url)) {
        item.remove();
        await reload();
      } else {
        tool.disabled = false;
        say(words.suggestionFailed);
      }
    });
    return tool;
  };

  const itemOf = (suggestion) => {
    const { block, author, reason, accept_url: accept, decline_url: decline } = suggestion;
    const place = button(words.showPlace, { class: "button button-link" });
    place.addEventListener("click", () => go(block));
    const item = element("li", { class: "editor-suggestion", "data-for": block });
    const actions = element("div", { class: "actions" });
    if (accept) actions.append(answerWith(words.accept, accept, item));
    if (decline) actions.append(answerWith(words.decline, decline, item));
    if (author) item.append(element("p", { class: "small soft" }, author));
    item.append(changeOf(suggestion, words));
    if (reason) item.append(element("p", { class: "small" }, reason));
    actions.append(place);
    item.append(actions);
    return item;
  };

  return {
    panel,
    show: (suggestions = []) => {
      panel.hidden = !suggestions.length;
      list.replaceChildren(...suggestions.map(itemOf));
    },
  };
};
