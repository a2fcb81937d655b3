/* The pages of a book, as `pagination.json` has them: where each begins. Plain arithmetic without the DOM.

   A page does not depend on the screen or the size of the type: it is one of the print edition, or 1,024 characters. */

const isBefore = ([block, offset], [other, otherOffset]) => block < other || (block === other && offset < otherOffset);

/* `blocks` and `characters` are those of each chapter. */
export const makePagination = ({ pages, labels, toc }, { blocks, characters }) => {
  const sums = (counts) => counts.reduce((sums, count) => [...sums, sums.at(-1) + count], [0]);
  const [blocksBefore, charactersBefore] = [sums(blocks), sums(characters)];

  /* The number of the page, from 0, on which a block's offset is. */
  const pageAt = (block, offset = 0) => {
    let [low, high] = [0, pages.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (isBefore([block, offset], pages[middle])) high = middle - 1;
      else low = middle;
    }
    return low;
  };
  const label = (page) => labels?.[page] ?? String(page + 1);
  const names = pages.map((_, page) => label(page).toLowerCase());
  const lastPageOf = (part) => {
    const next = [blocksBefore[part + 1], 0];
    const page = pageAt(...next);
    return page > 0 && !isBefore(pages[page], next) ? page - 1 : page;
  };

  return {
    pageAt,
    label,
    count: pages.length,
    last: label(pages.length - 1),
    /* Where a page begins: [block, offset]. */
    start: (page) => pages[page],
    /* The page that somebody typed; -1 if there is none. */
    named: (text) => names.indexOf(text.trim().toLowerCase()),
    pagesLeft: (part, page) => Math.max(0, lastPageOf(part) - page),
    /* Characters left after the first ones of a chapter: in the chapter, and in the book. */
    charactersLeft: (part, read) => ({
      chapter: Math.max(0, characters[part] - read),
      book: Math.max(0, charactersBefore.at(-1) - charactersBefore[part] - read),
    }),
    charactersBefore: (part) => charactersBefore[part],
    firstBlock: (part) => blocksBefore[part],
    /* The page of each line of the contents, in order; null for a line that leads nowhere. */
    contents: toc.map((place) => place && pageAt(...place)),
  };
};
