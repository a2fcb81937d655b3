/* Which pages are shown together, and how large: plain arithmetic without the DOM. */

/* Groups of indices in reading order. The first page of a pair is joined by the next page if that is the second. */
export const groupPages = (pages, { direction, isPaired }) => {
  const first = direction === "rtl" ? "right" : "left";
  const second = direction === "rtl" ? "left" : "right";
  const groups = [];
  for (let index = 0; index < pages.length; index += 1) {
    const isPair = isPaired && pages[index].side === first && pages[index + 1]?.side === second;
    groups.push(isPair ? [index, index + 1] : [index]);
    if (isPair) index += 1;
  }
  return groups;
};

/* Whether two pages side by side would be more than half as large as one page alone. */
export const hasRoomForPairs = (pages, { width, height }, spread) => {
  if (spread === "none") return false;
  if (spread === "both") return true;
  const page = pages[Math.min(1, pages.length - 1)];
  const alone = Math.min(width / page.width, height / page.height);
  const paired = Math.min(width / (2 * page.width), height / page.height);
  return width >= 640 && paired > 0.62 * alone;
};

/* The sizes in CSS pixels at which a group's pages fill the stage side by side, with equal height. */
export const fitPages = (group, { width, height }, zoom) => {
  const across = group.reduce((sum, page) => sum + page.width / page.height, 0);
  const high = Math.min(height, width / across) * zoom;
  return group.map((page) => ({ width: (high * page.width) / page.height, height: high }));
};
