/* Measures what the reader's eye and thumb meet. Returns sentences; an empty list is a pass.
   Asked with {smallest, body, ratio, target, least}: px, px, line height ÷ font size, px, px. */
(want) => {
  const faults = [];
  const seen = new Set();
  const say = (what) => seen.has(what) || (seen.add(what), faults.push(what));
  const named = (el) => {
    const words = (el.innerText || el.value || el.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 24);
    return `<${el.localName}${el.className.baseVal === undefined && el.className ? "." + el.className.trim().replace(/\s+/g, ".") : ""}> “${words}”`;
  };
  const hidden = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
    const box = el.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1 || el.closest(".sr, .skip:not(:focus), thead") !== null && getComputedStyle(el.closest(".sr, .skip:not(:focus), thead")).position === "absolute";
  };

  if (document.documentElement.scrollWidth > innerWidth) say(`the page is ${document.documentElement.scrollWidth} wide on a screen of ${innerWidth}`);
  if (!/\S/.test(document.title.split("·")[0])) say("the page has no title of its own");
  if (!document.querySelector("h1")) say("the page has no h1");
  if (!document.documentElement.lang) say("the page does not say its language");
  const bodySize = parseFloat(getComputedStyle(document.body).fontSize);
  if (bodySize < want.body - 0.05) say(`body text is ${bodySize} px, not ${want.body}`);
  const leaked = document.body.innerText.match(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\bNone\b|\bundefined\b|&lt;|%\(\w+\)[sd]/);
  if (leaked) say(`“${leaked[0]}” reaches the reader`);

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE", "OPTION", "TEMPLATE"].includes(el.tagName) || hidden(el)) continue;
    const style = getComputedStyle(el);
    const size = parseFloat(style.fontSize);
    if (size < want.smallest - 0.05) say(`text of ${size.toFixed(1)} px in ${named(el)}`);
    if (el.closest("svg")) continue;
    const ratio = style.lineHeight === "normal" ? 1.2 : parseFloat(style.lineHeight) / size;
    if (ratio < want.ratio - 0.01) say(`line height ${ratio.toFixed(2)} in ${named(el)}`);
  }

  for (const el of document.querySelectorAll(".wb-row > div > a.title, .tbl tbody th > a")) {
    const row = el.closest(".wb-row, tr");
    if (hidden(el)) continue;
    if (getComputedStyle(el, "::after").position !== "absolute" || getComputedStyle(row).position !== "relative") say(`only the words open the row of ${named(el)}`);
    if (row.getBoundingClientRect().height < want.target - 0.5) say(`the row of ${named(el)} is ${Math.round(row.getBoundingClientRect().height)} px high, not ${want.target}`);
  }

  for (const row of document.querySelectorAll(".tbl tr, .wb-row, .cell")) {
    const end = row.getBoundingClientRect().bottom;
    if (!hidden(row) && [...row.children].some((part) => !hidden(part) && !(part.rowSpan > 1) && part.getBoundingClientRect().bottom > end + 1)) say(`what stands in the row reaches out of it: ${named(row)}`);
    if (!hidden(row) && row.matches(".cell") && row.scrollWidth > row.clientWidth + 1) say(`what stands in the row reaches out of its side: ${named(row)}`);
  }

  const MAIN_EXEMPT = ".title, .faults a, .sub a"; /* links inside rows that are otherwise large: 24 px is enough */
  for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
    if (hidden(el) || el.disabled) continue;
    const shown = el.matches("input[type=radio], input[type=checkbox]") ? el.closest("label") || el : el;
    if (getComputedStyle(shown).display === "inline") continue; /* in a sentence; axe looks at these */
    const box = shown.getBoundingClientRect();
    if ((box.right > innerWidth + 1 || box.left < -1) && !shown.closest(".scroll")) say(`cut off at the edge: ${named(shown)}`);
    const least = shown.matches(MAIN_EXEMPT) ? want.least : want.target;
    const short = Math.min(box.width, box.height);
    const picture = shown.localName === "a" && !shown.innerText.trim() && shown.querySelector("img");
    if (picture && getComputedStyle(picture).aspectRatio.startsWith("auto") && !(parseFloat(getComputedStyle(shown).minBlockSize) >= least - 0.5)) say(`no target before the picture is there: ${named(shown)}`);
    if (short < least - 0.5) say(`target of ${Math.round(box.width)} × ${Math.round(box.height)} px, not ${least}: ${named(shown)}`);
  }
  return faults;
}
