/* receipt.js — checks the proof of a receipt with the reader's own browser: each hash is made again, and the root compared
   with the list of sealed months. Without it the page says how else. How each is made: weiyifang/fund/proof_file.py. */
(() => {
  "use strict";
  const { sha256, redo } = window;
  const root = document.querySelector("[data-receipt]");
  redo(root, async (receipt) => recompute(receipt) || compare(receipt, await read(root.dataset.months)));

  async function read(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /* The SHA-256 of values, written as JSON without spaces. */
  const digest = (...values) => sha256(JSON.stringify(values));

  const rootOf = (month, rows) =>
    digest(month.before, month.book, month.month, month.head_no, month.head, rows, month.closing);

  /* Which step does not fit: "entry", "seal", "rows", "root", or that the page shows another gift; "" when all do. */
  function recompute(receipt) {
    const { entry, content, before, number, transfer, journal, recorded, by, seal, month } = receipt;
    if (transfer !== root.dataset.transfer || String(entry[5]) !== root.dataset.fen) return "page";
    if (digest(...entry) !== content) return "entry";
    if (digest(before, number, transfer, journal, recorded, by, content) !== seal) return "seal";
    if (rowsOf(receipt) !== receipt.rows) return "rows";
    return rootOf(month, receipt.rows) === receipt.root && month.month.slice(0, 7) === entry[8].slice(0, 7) ? "" : "root";
  }

  function rowsOf({ seal, index, size, beside, around }) {
    if (around.length) return sha256(around[0] + seal + around[1]);
    const letters = new TextEncoder().encode(seal);
    let head = sha256(Uint8Array.from([0, ...letters]));
    let [at, wide] = [index, size];
    const left = [...beside];
    for (; wide > 1; at >>= 1, wide = (wide + 1) >> 1) {
      const other = (at ^ 1) < wide ? left.shift() : null;
      if (other) head = node(...(at & 1 ? [other, head] : [head, other]));
      else if (other === undefined) return "";
    }
    return left.length ? "" : `${size}:${head}`;
  }

  const bytes = (digits) => digits.match(/../g).map((two) => parseInt(two, 16));
  const node = (one, two) => sha256(Uint8Array.from([1, ...bytes(one), ...bytes(two)]));

  /* The list of months follows root by root, and has this one: "list" or "published" when not. */
  function compare(receipt, { months }) {
    let before = "0".repeat(64);
    for (const month of months) {
      if (month.before !== before || rootOf(month, month.rows) !== month.root) return "list";
      before = month.root;
    }
    const found = months.find(({ month }) => month === receipt.month.month);
    return found && found.root === receipt.root ? "" : "published";
  }
})();
