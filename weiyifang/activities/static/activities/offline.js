/* offline.js — the list at the door where there is no network. Names are kept on the phone encrypted until the day is
   over; who came, and who left, is written down with a number made here, and sent when it can be, in any order: each
   counts once. Who is inside follows from all of it by the rule of `queries/passages.py`.
   The page itself is kept by `offline_worker.js`. Words stand in the page's attributes, in the reader's language. */
(() => {
  "use strict";
  const root = document.querySelector("[data-offline]");
  if (!root) return;
  const own = root.dataset;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const say = (name, values = {}) =>
    Object.entries(values).reduce((words, [key, value]) => words.replace(`{${key}}`, value), own[name] || "");
  const clock = (moment) =>
    new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const isOver = (moment) => Date.now() >= Date.parse(moment);
  const SHOWN = 200; // names at once: whoever is further down is found by typing
  const AT_ONCE = 50; // facts in one request
  const AGAIN = 30_000; // milliseconds between two attempts to send

  let list = null; // { fetched, lines } as the server told them
  let facts = []; // what was noted on this phone: { nonce, list, to, way, resident, people, by, words, at, how, sent, why }
  let trouble = ""; // the name of the words that say why nothing could be sent
  let isKept = false;

  // --- what the phone keeps ------------------------------------------------------------------------------------------

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("door", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("lists", { keyPath: "id" });
      asked.result.createObjectStore("facts", { keyPath: "nonce" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function store(name, mode, deed) {
    const transaction = (await opened).transaction(name, mode);
    const asked = deed(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  /* The key cannot be taken out of the browser, and goes with the list: what is left then is noise. */
  async function seal(told) {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(told));
    return { key, iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  }

  async function unseal({ key, iv, sealed }) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  async function keep(told) {
    const row = { id: own.offline, until: own.until, ...(await seal(told)) };
    await store("lists", "readwrite", (lists) => lists.put(row));
  }

  async function kept() {
    const row = await store("lists", "readonly", (lists) => lists.get(own.offline));
    return row ? unseal(row) : null;
  }

  async function wipeWhatIsOver() {
    for (const row of await store("lists", "readonly", (lists) => lists.getAll()))
      if (isOver(row.until)) await store("lists", "readwrite", (lists) => lists.delete(row.id));
    for (const fact of await store("facts", "readonly", (all) => all.getAll()))
      if (fact.sent && isOver(fact.until)) await store("facts", "readwrite", (all) => all.delete(fact.nonce));
  }

  const remember = (fact) => store("facts", "readwrite", (all) => all.put(fact));
  const forget = (fact) => store("facts", "readwrite", (all) => all.delete(fact.nonce));

  // --- the server ----------------------------------------------------------------------------------------------------

  async function fetchList() {
    const lines = [];
    for (let after = 0; ; after = lines.at(-1).resident) {
      const answer = await fetch(`${own.roster}?limit=100&after=${after}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Refusal(answer.status, "");
      const more = await answer.json();
      for (const one of more) {
        const { resident, name, places, code, ticket, visit, came, in_at, left_at, is_child, may_fetch } = one;
        const told = { resident, name, places, code, ticket, visit, came, in_at, left_at, is_child, may_fetch };
        lines.push({ ...told, at: one.came_at });
      }
      if (more.length < 100) break;
    }
    list = { fetched: new Date().toISOString(), lines };
    await keep(list);
    for (const fact of facts.filter((one) => one.sent && one.list === own.offline)) await forget(fact);
    facts = facts.filter((one) => !(one.sent && one.list === own.offline));
  }

  class Refusal extends Error {
    constructor(status, detail) {
      super(detail);
      this.status = status;
    }
    get isAboutWhoAsks() {
      return this.status === 401 || this.status === 403;
    }
    get isForGood() {
      return this.status >= 400 && this.status < 500 && !this.isAboutWhoAsks && this.status !== 429;
    }
  }

  /* The page as the server makes it now has this session's token; signed out, it leads to the page for signing in. */
  async function token() {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (answer.redirected) throw new Refusal(401, "");
    if (!answer.ok) throw new Refusal(answer.status, "");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  async function post(to, some, secret) {
    const body = await Promise.all(
      some.map(async ({ resident, people, at, how, nonce, way, by, words }) =>
        way === "out"
          ? { resident, happened_at: at, nonce, ...by, ...(words ? await unseal(words) : {}) }
          : { resident, people, happened_at: at, how, nonce },
      ),
    );
    const answer = await fetch(to, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": secret },
      body: JSON.stringify(body),
    });
    if (answer.ok) return;
    throw new Refusal(answer.status, (await answer.json().catch(() => ({}))).detail || "");
  }

  async function sendSome(to, some, secret) {
    try {
      await post(to, some, secret);
      for (const fact of some) await remember(Object.assign(fact, { sent: true }));
    } catch (error) {
      if (!(error instanceof Refusal) || !error.isForGood) throw error;
      if (some.length > 1) for (const fact of some) await sendSome(to, [fact], secret);
      else await remember(Object.assign(some[0], { why: error.message || say("unknown") }));
    }
  }

  let sending = null;
  function send() {
    sending ||= sendAll().finally(() => (sending = null));
    return sending;
  }

  async function sendAll() {
    try {
      const waiting = facts.filter((fact) => !fact.sent && !fact.why);
      if (waiting.length) {
        const secret = await token();
        for (const to of new Set(waiting.map((fact) => fact.to))) {
          const there = waiting.filter((fact) => fact.to === to);
          while (there.length) await sendSome(to, there.splice(0, AT_ONCE), secret);
        }
      }
      if (!isOver(own.until)) await fetchList();
      trouble = "";
    } catch (error) {
      trouble = error instanceof Refusal && error.isAboutWhoAsks ? "signIn" : "noNetwork";
    }
    show();
  }

  // --- what is noted -------------------------------------------------------------------------------------------------

  async function note(resident, people, how, more = {}) {
    const fact = {
      nonce: crypto.randomUUID(),
      list: own.offline,
      until: own.until,
      to: own.sending,
      resident,
      people,
      at: new Date().toISOString(),
      how,
      sent: false,
      why: "",
      ...more,
    };
    await remember(fact);
    facts.push(fact);
    show();
    if (navigator.onLine) send();
  }

  const noted = (resident, way) =>
    facts.filter(
      (fact) =>
        fact.list === own.offline && fact.resident === resident && resident !== null && !fact.why && fact.way === way,
    );

  /* Where somebody is, from the list and from what was noted here: in since `at`, or out since `left`. */
  function place(line) {
    const [ins, outs] = [noted(line.resident, undefined), noted(line.resident, "out")];
    const moments = [...(line.came ? [line.in_at || line.at] : []), ...ins.map((fact) => fact.at)];
    if (!moments.length) return { isIn: false, at: "", left: "", last: null };
    const at = moments.reduce((one, other) => (Date.parse(other) > Date.parse(one) ? other : one));
    const left = [...(line.left_at ? [line.left_at] : []), ...outs.map((fact) => fact.at)]
      .filter((moment) => Date.parse(moment) > Date.parse(at))
      .sort((one, other) => Date.parse(one) - Date.parse(other))[0];
    const last = [...ins, ...outs].sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
    return { isIn: !left, at, left: left || "", last: last || null };
  }

  function checkIn(line, people, how) {
    if (place(line).isIn) return announce(say("already", { name: line.name }), true);
    announce(say("isIn", { name: line.name }));
    return note(line.resident, people === line.places ? null : people, how);
  }

  function checkOut(line) {
    if (line.is_child) return askWho(line);
    announce(say("isOut", { name: line.name }));
    return note(line.resident, null, "roster", { way: "out", to: own.departures });
  }

  function askWho(line) {
    const form = part("fetch");
    form.reset();
    form.dataset.resident = line.resident;
    part("fetch-who").textContent = line.name;
    const choice = (value, words) => {
      const one = part("fetch-choice").content.cloneNode(true);
      one.querySelector("input").value = value;
      one.querySelector("b").textContent = words;
      return one;
    };
    const may = line.may_fetch.map(({ name }, number) => choice(String(number), name));
    part("fetch-choices").replaceChildren(...may, choice("other", say("other")));
    part("fetching").hidden = false;
    part("fetching").scrollIntoView({ block: "nearest" });
    form.querySelector("input").focus();
  }

  /* Somebody whom nobody named: asked once more, and what was written about them is sealed until it is sent. */
  async function handOver(form) {
    const line = list.lines.find((one) => String(one.resident) === form.dataset.resident);
    const { by, name, why } = Object.fromEntries(new FormData(form));
    if (!line || !by) return announce(say("toWhom"), true);
    const more = { way: "out", to: own.departures };
    if (by === "other") {
      const words = { name: name.trim(), why: why.trim() };
      if (!words.name || !words.why) return announce(say("whoAndWhy"), true);
      if (!window.confirm(say("sure", { child: line.name, name: words.name }))) return undefined;
      more.words = await seal(words);
    } else {
      const { guardian, fetcher } = line.may_fetch[Number(by)];
      more.by = { guardian, fetcher };
    }
    part("fetching").hidden = true;
    announce(say("isOut", { name: line.name }));
    return note(line.resident, null, "roster", more);
  }

  async function byCode(typed) {
    const code = typed.replaceAll(" ", "");
    const ticket = typed.replace(/\/+$/, "").split("/").at(-1);
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
    const print = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const found = list.lines.filter((line) => line.ticket && (line.ticket === print || line.code === code));
    if (found.length !== 1) return announce(say("noCode", { at: clock(list.fetched) }), true);
    return checkIn(found[0], found[0].places, "qr");
  }

  // --- what is seen --------------------------------------------------------------------------------------------------

  function announce(words, isWrong = false) {
    const said = part("said");
    said.textContent = words;
    said.className = isWrong ? "toast bad" : "toast";
    said.hidden = !words;
  }

  function row(line) {
    const one = part("row").content.cloneNode(true);
    const { isIn, at, left, last } = place(line);
    one.querySelector("b").textContent = line.name;
    const seats = line.places > 1 ? say("seats", { n: line.places }) : "";
    const about = [line.code || say("walkedIn"), seats, line.visit]; // a list fetched by an older page says no visit
    one.querySelector(".muted").textContent = about.filter(Boolean).join(" · ");
    const [badge, select, here, leaves, undo] = [".badge", "select", ".here", ".leaves", ".undo"].map((what) =>
      one.querySelector(what),
    );
    badge.hidden = !at;
    here.hidden = isIn;
    leaves.hidden = !isIn || !own.departures;
    undo.hidden = !last || last.sent;
    select.hidden = Boolean(at) || line.places < 2;
    if (at) {
      const fact = last && !last.sent;
      badge.textContent = left ? say("left", { at: clock(left) }) : clock(at);
      badge.classList.toggle("ok", !fact && !left);
      badge.classList.toggle("wait", Boolean(fact));
    }
    for (let n = line.places; n > 0; n -= 1) select.add(new Option(say("ofThem", { n, all: line.places }), String(n)));
    select.setAttribute("aria-label", say("howMany", { name: line.name }));
    here.setAttribute("aria-label", say("here", { name: line.name }));
    here.addEventListener("click", () => checkIn(line, Number(select.value) || 1, "roster"));
    leaves.setAttribute("aria-label", say("leaves", { name: line.name }));
    leaves.addEventListener("click", () => checkOut(line));
    undo.setAttribute("aria-label", say(last && last.way ? "undoOut" : "undo", { name: line.name }));
    undo.addEventListener("click", async () => {
      facts = facts.filter((other) => other !== last); // at once: it may be about to be sent
      announce(say("undone", { name: line.name }));
      show();
      await forget(last);
    });
    return one;
  }

  function show() {
    const here = facts.filter((fact) => fact.list === own.offline && !fact.why);
    const waiting = facts.filter((fact) => !fact.sent && !fact.why);
    const refused = facts.filter((fact) => fact.why);
    root.dataset.waiting = String(waiting.length);
    root.dataset.kept = isKept ? "yes" : "";
    const over = isOver(own.until);
    part("state").textContent = [
      over ? say("over") : list ? say("fetched", { at: clock(list.fetched), n: list.lines.length }) : say("noList"),
      waiting.length ? say("toSend", { n: waiting.length }) : say("allSent"),
      trouble ? say(trouble) : "",
      over || !list ? "" : say(isKept ? "opensAgain" : "stayOpen"),
    ]
      .filter(Boolean)
      .join(" ");
    part("sign-in").hidden = trouble !== "signIn";
    part("work").hidden = over || !list;
    part("wipe").hidden = !list;
    const guests = here.filter((fact) => fact.resident === null && !fact.way).reduce((sum, fact) => sum + fact.people, 0);
    part("guests-noted").textContent = guests ? say("guestsNoted", { n: guests }) : "";
    part("refused").hidden = !refused.length;
    part("refused-rows").replaceChildren(...refused.map(refusedRow));
    if (!list || over) return;
    const words = part("find").value.trim();
    const found = list.lines.filter(
      (line) => line.name.includes(words) || line.code === words || String(line.resident) === words,
    );
    part("rows").replaceChildren(...found.slice(0, SHOWN).map(row));
    part("more").hidden = found.length <= SHOWN;
    part("nobody").hidden = found.length > 0;
    if (own.departures) showInside();
  }

  /* Children first. It is what this phone knows: what others noted since the list was fetched is not in it. */
  function showInside() {
    const inside = list.lines.filter((line) => place(line).isIn).sort((one, other) => other.is_child - one.is_child);
    const people = (line) => noted(line.resident, undefined)[0]?.people || line.came || line.places;
    const sum = (lines) => lines.reduce((all, line) => all + people(line), 0);
    const children = inside.filter((line) => line.is_child);
    part("inside-count").textContent = say("insideNow", {
      children: sum(children),
      others: sum(inside) - sum(children),
      at: clock(list.fetched),
    });
    part("inside-rows").replaceChildren(
      ...inside.map((line) => {
        const one = document.createElement("li");
        one.textContent = line.is_child ? say("child", { name: line.name }) : line.name;
        return one;
      }),
    );
  }

  function refusedRow(fact) {
    const one = part("refused-row").content.cloneNode(true);
    const line = list && fact.list === own.offline && list.lines.find((other) => other.resident === fact.resident);
    one.querySelector("b").textContent = line ? line.name : say("number", { n: fact.resident ?? "–" });
    one.querySelector(".muted").textContent = `${clock(fact.at)} · ${fact.why}`;
    one.querySelector("button").addEventListener("click", async () => {
      facts = facts.filter((other) => other !== fact);
      show();
      await forget(fact);
    });
    return one;
  }

  // --- begin ---------------------------------------------------------------------------------------------------------

  part("find").addEventListener("input", show);
  part("code").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.code;
    const typed = field.value.trim();
    field.value = "";
    field.focus(); // before anything is awaited: whoever goes on typing elsewhere is not called back
    if (typed) await byCode(typed);
  });
  part("guests").addEventListener("submit", (event) => {
    event.preventDefault();
    const people = Number(event.target.elements.people.value);
    announce(say("guestsIn", { n: people }));
    note(null, people, "roster");
    event.target.reset();
  });
  if (own.departures) {
    part("fetch").addEventListener("submit", (event) => {
      event.preventDefault();
      handOver(event.target);
    });
    part("fetch-not").addEventListener("click", () => (part("fetching").hidden = true));
  }
  part("send").addEventListener("click", send);
  part("wipe").addEventListener("click", async () => {
    await store("lists", "readwrite", (lists) => lists.delete(own.offline));
    list = null;
    announce(say("wiped"));
    show();
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => {
    trouble = "noNetwork";
    show();
  });

  async function keepThePage() {
    const there = await navigator.serviceWorker.register(own.worker, { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((one) => one.href);
    const scripts = [...document.scripts].map((one) => one.src).filter(Boolean);
    const channel = new MessageChannel();
    const answered = new Promise((resolve) => (channel.port1.onmessage = ({ data }) => resolve(data)));
    there.active.postMessage([location.href.split("#")[0], ...files, ...scripts], [channel.port2]);
    isKept = (await answered) === "kept";
  }

  async function begin() {
    if (!window.isSecureContext || !crypto.subtle) {
      part("state").textContent = say("insecure");
      return;
    }
    part("hidden").hidden = false;
    await wipeWhatIsOver();
    facts = await store("facts", "readonly", (all) => all.getAll());
    list = isOver(own.until) ? null : await kept().catch(() => null);
    isKept = Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);
    show();
    await send();
    if (navigator.serviceWorker && list && !trouble) await keepThePage().catch(() => {});
    show();
    const waits = () => facts.some((fact) => !fact.sent && !fact.why);
    setInterval(() => waits() && document.visibilityState === "visible" && navigator.onLine && send(), AGAIN);
  }
  begin();
})();
