/* lottery.js — redoes a draw from its published file. Without it the rule and the table stand on the page.
   SHA-256 is written out here: a browser's own is only there over https, and this page is to work in a reading room. */
(() => {
  "use strict";
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

  function sha256(text) {
    const bytes = new TextEncoder().encode(text);
    const size = ((bytes.length + 8) >> 6) + 1;
    const words = new Uint32Array(size * 16);
    bytes.forEach((byte, at) => (words[at >> 2] |= byte << (24 - (at % 4) * 8)));
    words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
    words[words.length - 1] = bytes.length * 8;
    const [start, round] = constants();
    const state = Uint32Array.from(start);
    const w = new Uint32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let block = 0; block < words.length; block += 16) {
      w.set(words.subarray(block, block + 16));
      for (let i = 16; i < 64; i++) {
        const a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + a + w[i - 7] + b;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + round[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] += value));
    }
    return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  /* The first 32 bits of the fractions of the square roots of 8, and of the cube roots of 64 primes. */
  function constants() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
    return [primes.slice(0, 8).map((n) => bits(Math.sqrt(n))), primes.map((n) => bits(Math.cbrt(n)))];
  }
})();
