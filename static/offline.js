// The service worker on and off, and leaving nothing behind at sign-out.
(function () {
  "use strict";

  const { account, offline } = document.body.dataset;
  const pages = "pages";

  async function forgetPages() {
    if (window.caches) await caches.delete(pages);
  }

  async function switchOff() {
    if (!navigator.serviceWorker) return;
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  }

  function isOff() {
    return offline !== "on" || localStorage.getItem("offline") === "off";
  }

  async function keepEntries() {
    const links = Array.from(document.querySelectorAll("a[data-keep]"), (link) => link.href).slice(0, 4);
    const cache = await caches.open(pages);
    for (const address of [...new Set(links)]) {
      try {
        const page = await fetch(address, { credentials: "same-origin" });
        if (page.ok && !page.redirected) await cache.put(address, page);
      } catch (problem) {
        return; // no connection: what is there stays
      }
    }
  }

  async function begin() {
    if (!navigator.serviceWorker || !window.caches || !account) return;
    if (localStorage.getItem("account") !== account) await forgetPages(); // another person sits here now
    localStorage.setItem("account", account);
    if (isOff()) return switchOff();
    await navigator.serviceWorker.register("/sw.js");
    await navigator.serviceWorker.ready;
    if (navigator.onLine) await keepEntries();
  }

  // --- signing out --------------------------------------------------------------------------------------------

  const own = () => Object.keys(localStorage).filter((key) => key.startsWith(`unsent:${account}:`) || key.startsWith(`draft:${account}:`));

  for (const form of document.querySelectorAll("form[data-leaves]")) {
    form.addEventListener("submit", (event) => {
      const left = own();
      if (left.length && !window.confirm(form.dataset.leaves)) {
        event.preventDefault();
        return;
      }
      left.forEach((key) => localStorage.removeItem(key));
      localStorage.removeItem("account");
      forgetPages();
    });
  }

  // --- the switch on one's own account page ----------------------------------------------------------------------

  const control = document.querySelector("[data-offline-switch]");
  if (control && navigator.serviceWorker && offline === "on") {
    control.hidden = false;
    const box = control.querySelector("input");
    box.checked = !isOff();
    box.addEventListener("change", async () => {
      localStorage.setItem("offline", box.checked ? "on" : "off");
      await (box.checked ? begin() : switchOff());
    });
  }

  begin().catch(() => {}); // without a worker everything works as long as there is a connection
})();
