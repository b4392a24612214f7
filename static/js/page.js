/* page.js — what a page gains where scripts run: reading aloud, printing, `/` for the search box, a file that is too large
   is said before it is sent, and of several forms the one somebody typed in is taken along when the look is switched
   (else the first, or the one that was refused). */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.form || !target.form.matches("[data-typed]")) return;
    for (const button of document.querySelectorAll("[data-switch]")) button.setAttribute("form", target.form.id);
  });

  for (const input of document.querySelectorAll("[data-too-large]")) {
    const said = document.createElement("p");
    said.className = "why";
    said.setAttribute("role", "alert");
    input.after(said);
    input.addEventListener("change", () => {
      const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
      said.textContent = isTooLarge ? input.dataset.tooLarge : "";
      if (isTooLarge) input.value = "";
    });
  }

  const box = document.querySelector("[data-look-up]");
  document.addEventListener("keydown", (event) => {
    if (!box || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;

  const LONGEST = 160; // characters: several engines fall silent in the middle of a longer piece
  const pieces = (text) => {
    const parts = [];
    for (const sentence of text.match(/[^。！？；.!?;\n]+[。！？；.!?;\n]*/g) || []) {
      const last = parts.length - 1;
      if (last >= 0 && parts[last].length + sentence.length < LONGEST) parts[last] += sentence;
      else parts.push(sentence);
    }
    return parts.map((part) => part.trim()).filter(Boolean);
  };

  let current = null;
  const show = (button, on) => button.setAttribute("aria-pressed", String(on));
  const stop = () => {
    voice.cancel();
    if (current) show(current, false);
    current = null;
  };
  const start = (button, target) => {
    stop();
    const parts = pieces(target.innerText);
    current = button;
    show(button, true);
    parts.forEach((part, place) => {
      const spoken = new SpeechSynthesisUtterance(part);
      spoken.lang = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
      spoken.rate = 0.9;
      if (place === parts.length - 1) spoken.onend = () => current === button && stop();
      spoken.onerror = () => current === button && stop();
      voice.speak(spoken);
    });
  };
  for (const button of document.querySelectorAll("[data-read]")) {
    const target = document.getElementById(button.dataset.read);
    if (!target) continue;
    button.hidden = false;
    button.addEventListener("click", () => (current === button ? stop() : start(button, target)));
  }
  window.addEventListener("pagehide", stop);
})();
