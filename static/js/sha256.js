/* sha256.js — SHA-256 of a text or of bytes, in hexadecimal letters, for pages on which readers redo what was computed.
   Written out here: a browser's own is only there over https, and these pages are to work in a reading room. */
(() => {
  "use strict";
  window.sha256 = (given) => {
    const bytes = typeof given === "string" ? new TextEncoder().encode(given) : given;
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
  };

  /* The first 32 bits of the fractions of the square roots of 8, and of the cube roots of 64 primes. */
  function constants() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
    return [primes.slice(0, 8).map((n) => bits(Math.sqrt(n))), primes.map((n) => bits(Math.cbrt(n)))];
  }
})();
