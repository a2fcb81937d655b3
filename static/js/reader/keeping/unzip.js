/* The files in a zip archive, by its directory at the end. Without a library: the browser inflates. */

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65535;
const [STORED, DEFLATED] = [0, 8];

const endOf = (view) => {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  throw new Error("not an archive, or a part of one");
};

/* [{name, blob()}] of an ArrayBuffer, without its folders. */
export const filesIn = (archive) => {
  const view = new DataView(archive);
  const end = endOf(view);
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [method, length, nameLength] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
    const header = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(new Uint8Array(archive, at + 46, nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const blob = async () => {
      const packed = new Blob([new Uint8Array(archive, start, length)]);
      if (method === STORED) return packed;
      if (method !== DEFLATED) throw new Error(`${name}: unknown compression`);
      return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
    };
    if (!name.endsWith("/")) files.push({ name, blob });
  }
  return files;
};
