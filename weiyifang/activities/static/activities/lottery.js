/* lottery.js — redoes a draw from its published file. Without it the rule and the table stand on the page. */
(() => {
  "use strict";
  const { sha256 } = window;
  const root = document.querySelector("[data-lottery]");
  if (!root) return;
  const button = root.querySelector("button");
  const said = root.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      const answer = await fetch(root.dataset.lottery);
      if (!answer.ok) throw new Error(String(answer.status));
      const wrong = recompute(await answer.json());
      root.dataset.outcome = wrong || "right";
      said.textContent = wrong ? `${root.dataset.wrong} (${wrong})` : root.dataset.right;
    } catch (error) {
      said.textContent = `${root.dataset.failed} (${error.message})`;
    } finally {
      button.disabled = false;
    }
  });

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
