/* redo.js — what was computed is computed once more from its published file, by the page itself. Without it the rule and
   the table stand on the page. Loaded before the script that knows the rule, which calls `redo`. */
(() => {
  "use strict";
  /* `root` holds a button, a place for words, the file's address (`data-file`) and what is said. `recompute(sheet)`
     says, at once or later, in one word what is wrong with the file; "" when nothing is. */
  window.redo = (root, recompute) => {
    if (!root) return;
    const button = root.querySelector("button");
    const said = root.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      delete root.dataset.outcome;
      try {
        const answer = await fetch(root.dataset.file);
        if (!answer.ok) throw new Error(String(answer.status));
        const wrong = await recompute(await answer.json());
        root.dataset.outcome = wrong || "right";
        said.textContent = wrong ? `${root.dataset.wrong} (${wrong})` : root.dataset.right;
      } catch (error) {
        said.textContent = `${root.dataset.failed} (${error.message})`;
      } finally {
        button.disabled = false;
      }
    });
  };
})();
