/* Three ways of a chapter: `base` is what both knew, `theirs` what the server has now, `mine` what is typed here. Changes
   that are apart are both kept. Where they meet, what was typed here stays and the block is named as a conflict. */

const text = (value) => JSON.stringify(value ?? null, (_key, inner) =>
  inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1))) : inner,
);
export const isSame = (one, other) => one === other || text(one) === text(other);

const isPutIn = (id) => id.startsWith("new-") || id.startsWith("p");

/* What a block says, whatever its ids are. */
const wordsOf = (block) => text({ kind: block.kind, attributes: block.attributes, text: block.text, blocks: block.blocks?.map(wordsOf) });

const byId = (blocks) => new Map(blocks.map((block) => [block.id, block]));

/* ---- ids */

/* Blocks of `ours` that the server has under another id: new ones that it has taken, and those that a correction put in,
   which have another id with every save that changes them. They say the same, after the same block. */
const taken = (ours, theirs, known, names = new Map()) => {
  const isKnown = byId(ours);
  const isThere = byId(theirs);
  const given = new Set(names.values());
  const free = theirs.filter(({ id }) => !isKnown.has(id) && !known.has(id) && !given.has(id));
  ours.forEach((block, index) => {
    if (!isPutIn(block.id) || isThere.has(block.id) || names.has(block.id)) return;
    const before = index ? (names.get(ours[index - 1].id) ?? ours[index - 1].id) : null;
    const found = free.find((other) => {
      const at = theirs.indexOf(other);
      return wordsOf(other) === wordsOf(block) && (at ? theirs[at - 1].id : null) === before;
    });
    if (found) {
      free.splice(free.indexOf(found), 1);
      pair(block, found, names);
    }
  });
  // In blocks that both have, there may be more of them.
  for (const block of ours) {
    const other = theirs.find(({ id }) => id === block.id);
    if (block.blocks && other?.blocks) taken(block.blocks, other.blocks, known, names);
  }
  return names;
};

const pair = (block, other, names) => {
  names.set(block.id, other.id);
  block.blocks?.forEach((inner, index) => pair(inner, other.blocks[index], names));
};

const renamed = (blocks, names) =>
  blocks.map((block) => {
    const { from, ...rest } = block;
    const made = { ...rest, id: names.get(block.id) ?? block.id };
    if (from && made.id === block.id) made.from = names.get(from) ?? from;
    if (block.blocks) made.blocks = renamed(block.blocks, names);
    return made;
  });

const idsIn = (blocks, found = new Set()) => {
  for (const block of blocks) {
    found.add(block.id);
    idsIn(block.blocks ?? [], found);
  }
  return found;
};

/* ---- running text */

const MARKS_END = "\u0000";

/* Text as a list of characters, each with what is over it. */
const characters = (rows) =>
  rows.flatMap((row) => {
    const [words, marks, key] = typeof row === "string" ? [row, []] : row;
    const over = JSON.stringify(key === undefined ? marks : [marks, key]);
    const parts = marks.at(-1)?.[0] === "ruby" ? [words] : [...words];
    return parts.map((letter) => letter + MARKS_END + over + (key === undefined ? "" : MARKS_END));
  });

const rowsOf = (letters) => {
  const rows = [];
  for (const one of letters) {
    const [letter, over, isKept] = one.split(MARKS_END);
    const parsed = JSON.parse(over);
    const row = isKept === undefined ? [letter, parsed] : [letter, ...parsed];
    const last = rows.at(-1);
    const isText = row.length === 2 && row[1].at(-1)?.[0] !== "ruby";
    if (last && isText && last.length === 2 && text(last[1]) === text(row[1])) last[0] += letter;
    else rows.push(row);
  }
  return rows.map((row) => (row.length === 2 && !row[1].length ? row[0] : row));
};

/* The range of `before` that `after` has otherwise, and what it has there. */
const change = (before, after) => {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { start, end: before.length - end, put: after.slice(start, after.length - end) };
};

/* The merged text, or null where both changed the same words. */
const mergedText = (base, theirs, mine) => {
  const letters = characters(base);
  const [one, other] = [change(letters, characters(theirs)), change(letters, characters(mine))];
  const [first, second] = one.start <= other.start ? [one, other] : [other, one];
  if (first.end >= second.start) return null;
  return rowsOf([...letters.slice(0, first.start), ...first.put, ...letters.slice(first.end, second.start), ...second.put, ...letters.slice(second.end)]);
};

/* ---- blocks */

const mergedAttributes = (base, theirs, mine) => {
  const merged = {};
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = isSame(mine[name], base[name]) ? theirs[name] : mine[name];
    if (value !== undefined) merged[name] = value;
  }
  return merged;
};

const mergedBlock = (base, theirs, mine, conflicts) => {
  if (isSame(mine, base) || isSame(mine, theirs)) return theirs;
  if (isSame(theirs, base)) return mine;
  const isAlike = base.kind === mine.kind && theirs.kind === mine.kind;
  const attributes = mergedAttributes(base.attributes, theirs.attributes, mine.attributes);
  if (isAlike && base.blocks && theirs.blocks && mine.blocks)
    return { ...mine, attributes, blocks: mergedBlocks(base.blocks, theirs.blocks, mine.blocks, conflicts) };
  if (isAlike && mine.text) {
    if (isSame(mine.text, base.text) || isSame(mine.text, theirs.text)) return { ...mine, attributes, text: theirs.text };
    const merged = isSame(theirs.text, base.text) ? mine.text : mergedText(base.text, theirs.text, mine.text);
    if (merged) return { ...mine, attributes, text: merged };
  }
  conflicts.push({ block: mine.id, base, theirs, mine });
  return mine;
};

const orderOf = (blocks, known) => blocks.map(({ id }) => id).filter((id) => known.has(id));

/* Which blocks stand where: mine in my order, or in theirs if only they moved some; what they put in, after its neighbour. */
const sequence = (base, theirs, mine) => {
  const all = [byId(base), byId(theirs), byId(mine)];
  const common = new Set(base.map(({ id }) => id).filter((id) => all.every((one) => one.has(id))));
  const isMoved = !isSame(orderOf(mine, common), orderOf(base, common));
  const [skeleton, guests] = isMoved ? [mine, theirs] : [theirs, mine];
  const order = skeleton.map(({ id }) => id);
  guests.forEach(({ id }, index) => {
    if (order.includes(id)) return;
    const before = guests.slice(0, index).findLast((guest) => order.includes(guest.id));
    order.splice(before ? order.indexOf(before.id) + 1 : 0, 0, id);
  });
  return order;
};

function mergedBlocks(base, theirs, mine, conflicts) {
  const [was, there, here] = [byId(base), byId(theirs), byId(mine)];
  return sequence(base, theirs, mine).flatMap((id) => {
    const [old, other, own] = [was.get(id), there.get(id), here.get(id)];
    if (other && own) return [mergedBlock(old ?? other, other, own, conflicts)];
    if (!old) return [other ?? own];
    // Removed on one side: gone, unless the other side changed it.
    if (isSame(old, other ?? own)) return [];
    conflicts.push({ block: id, base: old, theirs: other ?? null, mine: own ?? null });
    return [own ?? other];
  });
}

const mergedObjects = (base, theirs, mine) =>
  Object.fromEntries(Object.entries(theirs).map(([key, about]) => [key, mine[key] && !isSame(mine[key], base[key]) ? mine[key] : about]));

const mergedNotes = (base, theirs, mine, conflicts) =>
  theirs.map((note) => {
    const [old, own] = [base, mine].map((notes) => notes.find(({ object }) => object === note.object));
    return old && own ? { ...note, blocks: mergedBlocks(old.blocks, note.blocks, own.blocks, conflicts) } : note;
  });

/* The chapter with both, and the blocks in which both changed the same. */
export const merge = (base, theirs, mine) => {
  const conflicts = [];
  const names = new Map();
  const known = idsIn(base.blocks);
  for (const ours of [base, mine]) taken(ours.blocks, theirs.blocks, ours === base ? new Set() : known, names);
  const [was, here] = [base, mine].map((chapter) => renamed(chapter.blocks, names));
  const document = {
    ...theirs,
    blocks: mergedBlocks(was, theirs.blocks, here, conflicts),
    notes: mergedNotes(base.notes ?? [], theirs.notes ?? [], mine.notes ?? [], conflicts),
    objects: mergedObjects(base.objects ?? {}, theirs.objects ?? {}, mine.objects ?? {}),
  };
  return { document, conflicts };
};

/* ---- what a save removes */

const MIN_WORDS = 300;
const MIN_SHARE = 0.3;

const wordCount = (blocks) =>
  blocks.reduce((sum, block) => {
    const own = (block.text ?? []).map((row) => (typeof row === "string" ? row : row[0])).join("");
    // Japanese and Chinese have no spaces: there a character counts as a word.
    const found = own.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+/gu);
    return sum + (found?.length ?? 0) + wordCount(block.blocks ?? []);
  }, 0);

/* How many words a chapter would lose, of how many, if that is so much that the author is asked; else null. */
export const lossOf = (before, after) => {
  const [all, left] = [wordCount(before.blocks), wordCount(after.blocks)];
  const lost = all - left;
  return lost >= Math.min(MIN_WORDS, Math.max(20, all / 2)) && lost >= all * MIN_SHARE ? { lost, all } : null;
};
