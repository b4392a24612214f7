/* poster.js — draws the poster as one picture, to be sent on or saved: with the fonts of whoever looks at it, because no
   server has to have them. Without it the poster is printed, or photographed from the screen. */
(() => {
  "use strict";
  const button = document.querySelector("[data-poster]");
  const figure = document.querySelector("[data-poster-picture]");
  if (!button || !figure) return;
  const WIDTH = 1080;
  const EDGE = 72;
  const ROOM = WIDTH - 2 * EDGE;

  /* In the colours of the light page, whichever the reader has chosen: the picture goes to others. */
  async function inTheLight(deed) {
    const root = document.documentElement;
    const before = root.dataset.theme;
    root.dataset.theme = "light";
    try {
      return await deed(getComputedStyle(root));
    } finally {
      if (before === undefined) delete root.dataset.theme;
      else root.dataset.theme = before;
    }
  }

  /* Chinese breaks anywhere but before a closing mark; words of Latin letters and figures stay whole. */
  function lines(pen, text, room) {
    const found = [""];
    for (const piece of text.match(/[\w.,:;/+@–-]+\s*|.[，。！？、；：）》”]*/gsu) || []) {
      if (found.at(-1) && pen.measureText(found.at(-1) + piece.trimEnd()).width > room) found.push("");
      found[found.length - 1] += piece;
    }
    return found.map((line) => line.trim());
  }

  const camel = (name) => name.replace(/-(.)/, (_all, letter) => letter.toUpperCase());

  async function loaded(element) {
    if (element instanceof HTMLImageElement) {
      await element.decode();
      return element;
    }
    const copy = element.cloneNode(true);
    const box = element.viewBox.baseVal;
    const shapes = [...element.querySelectorAll("*")];
    [...copy.querySelectorAll("*")].forEach((shape, place) => {
      const style = getComputedStyle(shapes[place]); // alone, a drawing has no style sheet
      for (const name of ["fill", "stroke", "stroke-width", "opacity"]) shape.setAttribute(name, style[camel(name)]);
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await image.decode();
    return image;
  }

  function fill(pen, image, y, height) {
    const scale = Math.max(WIDTH / image.width, height / image.height);
    const [w, h] = [WIDTH / scale, height / scale];
    pen.drawImage(image, (image.width - w) / 2, (image.height - h) / 2, w, h, 0, y, WIDTH, height);
  }

  async function draw(style) {
    const { poster } = button.dataset;
    const main = document.querySelector("main");
    const facts = [...main.querySelectorAll(".facts p")].map((one) => {
      const label = one.querySelector(".k").innerText;
      return [label, one.innerText.slice(label.length).trim()];
    });
    const cover = main.querySelector(".pic img, svg.cover");
    const [code, picture] = await Promise.all([loaded(main.querySelector(".qr svg")), cover && loaded(cover)]);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const colour = (name) => style.getPropertyValue(`--${name}`);
    const family = getComputedStyle(document.body).fontFamily;
    const font = (size, weight = 400) => (pen.font = `${weight} ${size}px ${family}`);

    font(72, 700);
    const title = lines(pen, main.querySelector("h1").innerText, ROOM);
    font(40);
    const said = facts.map(([label, text]) => [label, lines(pen, text, ROOM - 240)]);
    const top = picture ? 560 : 0;
    const height = top + 96 + title.length * 92 + said.reduce((sum, [, text]) => sum + text.length * 56 + 24, 0) + 420;
    canvas.width = WIDTH;
    canvas.height = height;

    pen.fillStyle = colour("card");
    pen.fillRect(0, 0, WIDTH, height);
    if (picture) fill(pen, picture, 0, top);
    pen.textBaseline = "top";
    let y = top + 64;
    pen.fillStyle = colour("ink");
    font(72, 700);
    for (const line of title) y = write(pen, line, EDGE, y, 92);
    y += 24;
    font(40);
    for (const [label, text] of said) {
      pen.fillStyle = colour("ink-2");
      pen.fillText(label, EDGE, y, 220);
      pen.fillStyle = colour("ink");
      for (const line of text) y = write(pen, line, EDGE + 240, y, 56);
      y += 24;
    }
    const foot = height - 336;
    pen.fillStyle = colour("brand");
    pen.fillRect(0, foot, WIDTH, 336);
    pen.fillStyle = colour("qr-paper");
    pen.fillRect(WIDTH - EDGE - 240, foot + 48, 240, 240);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(code, WIDTH - EDGE - 232, foot + 56, 224, 224);
    pen.fillStyle = colour("on-brand");
    font(48, 700);
    y = foot + 64;
    for (const line of lines(pen, main.querySelector(".qr h2").innerText, ROOM - 280)) y = write(pen, line, EDGE, y, 64);
    font(36);
    for (const line of lines(pen, poster, ROOM - 280)) y = write(pen, line, EDGE, y + 12, 48);
    return canvas.toDataURL("image/png");
  }

  function write(pen, line, x, y, height) {
    pen.fillText(line, x, y);
    return y + height;
  }

  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const picture = await inTheLight(draw);
    figure.querySelector("img").src = picture;
    figure.querySelector("a").href = picture;
    figure.hidden = false;
    figure.scrollIntoView({ block: "start" });
    button.disabled = false;
  });
})();
