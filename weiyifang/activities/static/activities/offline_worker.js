/* offline_worker.js — opens the list at the door where there is no network (`offline.js`). It keeps that page, in which no
   name stands, and the files it needs; of everything else it keeps nothing and answers nothing. */
"use strict";
const KEPT = "door";
const PATIENCE = 4000; // milliseconds: a network that answers nothing is none
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // a file with its print in its name is the same for ever

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const answer = (word) => event.ports[0].postMessage(word);
  event.waitUntil(
    keep(event.data).then(
      () => answer("kept"),
      () => answer("failed"),
    ),
  );
});

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const answers = await Promise.all(addresses.map((address) => fetch(address, { cache: "no-cache" })));
  if (answers.some((answer) => !answer.ok || answer.redirected)) throw new Error("not all of it is there");
  await Promise.all(answers.map((answer, place) => cache.put(addresses[place], answer)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.endsWith("/offline/")) event.respondWith(newOrKept(request));
  if (["style", "script", "image"].includes(request.destination)) event.respondWith(file(request, pathname));
});

const kept = (request) => caches.match(request, { ignoreVary: true });

async function file(request, pathname) {
  return (HASHED.test(pathname) && (await kept(request))) || newOrKept(request);
}

async function newOrKept(request) {
  const before = await kept(request);
  if (!before) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, before));
  return Promise.race([fetch(request).catch(() => before), late]);
}
