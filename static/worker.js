// The service worker: keeps static files and the entry pages (SETUP, written before this by the server), nothing else.
// It never sends anything by itself and asks for nothing.
const STATIC = `static-${SETUP.version}`;
const PAGES = "pages";

async function bringFiles() {
  const cache = await caches.open(STATIC);
  await Promise.all(SETUP.files.map((file) => cache.add(file).catch(() => {})));
}

async function clean() {
  for (const name of await caches.keys()) if (name !== STATIC && name !== PAGES) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(bringFiles());
});
self.addEventListener("activate", (event) => event.waitUntil(clean()));

async function page(request) {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) cache.put(request, answer.clone());
    return answer;
  } catch (problem) {
    const { pathname } = new URL(request.url);
    const kept = await cache.match(request) || (pathname === SETUP.choosing ? await cache.match(pathname) : undefined);
    if (kept) return kept;
    throw problem;
  }
}

async function file(request) {
  const kept = await caches.match(request);
  return kept || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) return;
  if (event.request.method !== "GET") {
    // somebody comes or goes: the pages of the one before are not for the next
    if (SETUP.doors.includes(address.pathname)) event.waitUntil(caches.delete(PAGES));
    return;
  }
  if (SETUP.files.includes(address.pathname)) event.respondWith(file(event.request));
  else if (event.request.mode === "navigate" && SETUP.entries.includes(address.pathname)) event.respondWith(page(event.request));
});
