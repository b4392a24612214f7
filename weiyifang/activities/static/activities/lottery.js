/* lottery.js — the rule of `activities/lottery.py`, for `redo.js`. */
(() => {
  "use strict";
  const { sha256, redo } = window;
  redo(document.querySelector("[data-lottery]"), recompute);

  /* What is wrong: "seed", "list", "order", "seats"; "" when nothing is. */
  function recompute(sheet) {
    if (sha256(sheet.seed) !== sheet.commitment) return "seed";
    const tickets = [...sheet.tickets].sort((a, b) => a[0] - b[0]);
    const list = sha256(tickets.map(([number, seats]) => `${number} ${seats}\n`).join(""));
    if (list !== sheet.list || new Set(tickets.map(([number]) => number)).size !== tickets.length) return "list";
    const keyed = tickets.map(([number, seats]) => ({ number, seats, key: sha256(`${sheet.seed}:${list}:${number}`) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    if (keyed.map((one) => one.number).join() !== sheet.order.join()) return "order";
    return seated(keyed, sheet.places, sheet.passes).join() === sheet.seated.join() ? "" : "seats";
  }

  function seated(line, places, passes) {
    const got = [];
    let left = places;
    let patience = [];
    for (const { number, seats } of line) {
      if (left <= 0) break;
      if (seats <= left) {
        got.push(number);
        left -= seats;
        patience = patience.map((times) => times - 1);
        if (patience.includes(0)) break;
      } else if (seats <= places) {
        if (!passes) break;
        patience.push(passes);
      }
    }
    return got;
  }
})();
