// Keeps what is being typed into a form on this phone until it is sent, so that a reload or an empty battery loses
// nothing. One entry for each form and tab; a second tab takes over only what a closed one left.
(function () {
  "use strict";

  const account = document.body.dataset.account;
  if (!account || !window.localStorage) return;
  const LEFT_OUT = ["csrfmiddlewaretoken", "client_id", "day"];
  const ID_NUMBER = /(^|\D)\d{17}[\dXx](?!\d)/g; // old phones know no look-behind
  const tab = sessionStorage.getItem("tab") || String(Math.random()).slice(2);
  sessionStorage.setItem("tab", tab);
  if (navigator.locks) navigator.locks.request(`tab:${tab}`, () => new Promise(() => {})); // as long as the tab lives

  const prefix = (form) => `draft:${account}:${form.dataset.draft}:`;

  function typed(form) {
    const pairs = Array.from(new FormData(form)).filter(([name, value]) => !LEFT_OUT.includes(name) && value !== "");
    return pairs.map(([name, value]) => [name, value.replace(ID_NUMBER, "$1")]); // not even this phone keeps one
  }

  function save(form) {
    try {
      localStorage.setItem(prefix(form) + tab, JSON.stringify({ at: Date.now(), pairs: typed(form) }));
    } catch (full) {
      // a phone without room: the form itself still holds the text
    }
  }

  const drop = (form) => localStorage.removeItem(prefix(form) + tab);

  // The draft of this tab, or the newest that no living tab holds.
  async function found(form) {
    const own = localStorage.getItem(prefix(form) + tab);
    if (own) return JSON.parse(own);
    if (!navigator.locks) return null;
    const held = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
    const left = Object.keys(localStorage).filter((key) => key.startsWith(prefix(form)) && !held.has(`tab:${key.split(":").pop()}`));
    const drafts = left.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) })).sort((a, b) => b.at - a.at);
    drafts.forEach((draft) => localStorage.removeItem(draft.key));
    return drafts[0] || null;
  }

  function fill(form, pairs) {
    for (const [name, value] of pairs) {
      for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (control.type === "radio" || control.type === "checkbox") {
          if (control.value === value) control.checked = true;
        } else if (control.type !== "hidden" && !control.value) control.value = value;
        else if (control.tagName === "SELECT") control.value = value;
      }
    }
    const more = form.querySelector("details");
    if (more && pairs.some(([name]) => ["follow_up", "again_on", "reasons"].includes(name))) more.open = true;
  }

  for (const form of document.querySelectorAll("form[data-draft]")) {
    found(form).then((draft) => {
      if (draft && !form.querySelector(".field-error:not(:empty)")) fill(form, draft.pairs);
      form.addEventListener("input", () => save(form));
      if (draft) save(form);
      form.dataset.ready = "yes";
    });
    form.addEventListener("outbox:kept", () => drop(form));
    form.addEventListener("outbox:returned", () => save(form));
    form.addEventListener("reset", () => drop(form));
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) drop(form); });
  }
})();
