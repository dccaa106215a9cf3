// What this phone could not send yet: keeps every filled form until the server has received it, sends it again when
// there is a connection, shows the receipts. report.js and visit.js fill it. Without a script the same forms post to the
// server by themselves.
(function () {
  "use strict";

  const box = document.getElementById("unsent");
  if (!box || !window.fetch || !window.localStorage) return;
  const account = box.dataset.account; // an opaque mark of the signed-in person
  const KEY = "unsent:"; // one entry a form, so that two tabs never write over each other
  const PAUSES = [5, 10, 20, 60, 120, 300]; // seconds between tries while there is no connection
  const ID_NUMBER = /(^|\D)\d{17}[\dXx](?!\d)/; // old phones know no look-behind
  let tries = 0;
  let timer = null;
  const sending = new Set();

  const word = (name) => box.querySelector(`[data-word="${name}"]`).textContent;

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // http on a village's own network has no randomUUID
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // --- what is kept -------------------------------------------------------------------------------------------

  function kept() {
    const found = [];
    for (let n = 0; n < localStorage.length; n += 1) {
      const key = localStorage.key(n);
      if (key.startsWith(KEY)) found.push(JSON.parse(localStorage.getItem(key)));
    }
    return found.sort((one, other) => (one.body.captured_at < other.body.captured_at ? -1 : 1));
  }

  const mine = () => kept().filter((item) => item.account === account);
  const keyOf = (item) => `${KEY}${item.account}:${item.body.client_id}`;
  const keep = (item) => localStorage.setItem(keyOf(item), JSON.stringify(item));
  const forget = (item) => localStorage.removeItem(keyOf(item));
  const isKept = (item) => localStorage.getItem(keyOf(item)) !== null;

  // --- sending ------------------------------------------------------------------------------------------------

  function token() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return cookie ? cookie.slice("csrftoken=".length) : field ? field.value : "";
  }

  // Returns {status, answer}; status 0 where nothing came back, 401 where the answer is the door.
  async function send(item) {
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), 20000);
    try {
      const response = await fetch(item.api, {
        method: "POST",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json",
          "X-Account": account, // somebody else may have signed in in another tab meanwhile
        },
        body: JSON.stringify(item.body),
        signal: patience.signal,
      });
      if (response.redirected) return { status: 401, answer: null };
      const isAnswer = (response.headers.get("Content-Type") || "").includes("json");
      return { status: response.status, answer: isAnswer ? await response.json() : null };
    } catch (problem) {
      return { status: 0, answer: null };
    } finally {
      clearTimeout(limit);
    }
  }

  const received = (status) => status === 200 || status === 201;

  // Tells what became of an item and keeps or forgets it: only a receipt of the server makes the phone forget.
  function settle(item, { status, answer }) {
    if ((received(status) || status === 409) && answer) forget(item);
    else if (!isKept(item)) return status; // another tab has had the receipt meanwhile
    else if (status === 401 || status === 403 || status === 404) keep({ ...item, problem: "signed_out" });
    else if (status === 400) keep({ ...item, problem: "refused", told: words(answer).join(" ") });
    else keep({ ...item, problem: "" });
    return status;
  }

  function words(answer) {
    if (typeof answer === "string") return [answer];
    return Object.values(answer || {}).flatMap(words);
  }

  async function sendAll() {
    clearTimeout(timer);
    let arrived = false;
    for (const item of mine()) {
      if (item.problem === "refused" || sending.has(item.body.client_id)) continue;
      const { status, answer } = await attempt(item);
      arrived = arrived || (received(status) && answer !== null);
      if (status === 0 || status === 401 || status === 403 || status >= 500) break;
    }
    show();
    if (arrived && !document.querySelector("form.found")) location.reload();
    else again();
  }

  async function attempt(item) {
    sending.add(item.body.client_id);
    const outcome = await send(item);
    sending.delete(item.body.client_id);
    settle(item, outcome);
    if (received(outcome.status)) tries = 0;
    return outcome;
  }

  function again() {
    clearTimeout(timer);
    if (!mine().some((item) => item.problem === "")) return;
    timer = setTimeout(sendAll, 1000 * PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  function show() {
    const list = box.querySelector(".unsent-list");
    const all = kept();
    const own = all.filter((item) => item.account === account);
    list.replaceChildren(...own.map(row));
    box.querySelector(".unsent-others").hidden = own.length === all.length;
    box.querySelector(".unsent-sign-in").hidden = !own.some((item) => item.problem === "signed_out");
    box.hidden = all.length === 0;
    markForms(own);
  }

  function row(item) {
    const line = document.getElementById("unsent-row").content.firstElementChild.cloneNode(true);
    const set = (name, text) => { line.querySelector(`[data-part="${name}"]`).textContent = text; };
    set("place", item.place);
    set("day", item.body.day);
    set("line", item.line || word(item.kind));
    set("why", item.problem ? `${word(item.problem)} ${item.told || ""}` : word("waiting"));
    line.querySelector('[data-act="again"]').addEventListener("click", () => {
      keep({ ...item, problem: "" });
      sendAll();
    });
    const discard = line.querySelector('[data-act="discard"]');
    discard.hidden = item.problem !== "refused";
    discard.addEventListener("click", () => {
      if (!window.confirm(discard.dataset.question)) return;
      forget(item);
      show();
    });
    return line;
  }

  // What waits on this phone is not filed a second time: its button rests.
  function markForms(own) {
    for (const form of document.querySelectorAll("form[data-once]")) {
      form.querySelector("button").disabled = own.some((item) => item.once === form.dataset.once);
    }
  }

  function showErrors(form, answer) {
    const told = { ...answer, ...(answer.matter || {}), ...((answer.findings || {})[0] || {}) };
    for (const place of form.querySelectorAll("[data-error]")) place.replaceChildren();
    for (const [name, errors] of Object.entries(told)) {
      if (name === "findings" || name === "matter") continue;
      const place = form.querySelector(`[data-error="${name === "area" ? "place" : name}"]`) || form.querySelector("[data-errors]");
      place.append(Object.assign(document.createElement("span"), { textContent: words(errors).join(" ") }));
    }
    const first = form.querySelector("[data-error]:not(:empty), [data-errors]:not(:empty)");
    if (first) first.scrollIntoView({ block: "center" });
  }

  // --- the forms ----------------------------------------------------------------------------------------------

  function tell(form, text) {
    const place = form.querySelector("[data-errors]") || box.querySelector(".unsent-list");
    place.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
    box.hidden = box.contains(place) ? false : box.hidden;
    place.scrollIntoView({ block: "center" });
  }

  // Files what a form says: kept first, then sent. `itemOf(form)` gives {kind, api, place, line, once, body}.
  async function file(event, itemOf) {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.busy) return event.preventDefault();
    const said = itemOf(form);
    const body = { client_id: form.dataset.clientId, captured_at: new Date().toISOString(), ...said.body };
    const item = { ...said, account, problem: "", body };
    const typed = Array.from(form.querySelectorAll("textarea, input[type=text]:not([list])"), (field) => field.value);
    if (typed.some((text) => ID_NUMBER.test(text))) {
      event.preventDefault();
      return tell(form, word("id_number")); // not even this phone keeps one
    }
    try {
      keep(item);
    } catch (full) {
      return undefined; // this browser keeps nothing: the form goes the way without script
    }
    event.preventDefault();
    form.dispatchEvent(new Event("outbox:kept"));
    form.dataset.busy = "yes";
    const outcome = await attempt(item);
    delete form.dataset.busy;
    return after(form, item, outcome);
  }

  function after(form, item, { status, answer }) {
    form.dataset.clientId = newId();
    if (received(status) && answer) return location.assign(form.dataset.next);
    if (status === 409) return tell(form, word("conflict"));
    if (status === 400 && form.matches(".found")) {
      forget(item); // nothing is lost: it still stands in the form
      form.dispatchEvent(new Event("outbox:returned"));
      showErrors(form, answer);
    } else {
      form.reset();
      box.scrollIntoView({ block: "start" });
    }
    show();
    return again();
  }

  function watch(forms, itemOf) {
    for (const form of forms) {
      form.dataset.clientId = newId();
      form.addEventListener("submit", (event) => file(event, itemOf));
    }
    show();
  }

  // Coming back to a page the browser had kept: what was sent from it must not be sent again under the same number.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("online", () => { tries = 0; sendAll(); });

  // Another tab had a receipt: a page that shows what was filed is old from then on; a form half filled in stays.
  window.addEventListener("storage", (event) => {
    if (!event.key || !event.key.startsWith(KEY) || event.newValue !== null) return;
    if (document.querySelector("form.found")) show();
    else location.reload();
  });
  window.outbox = { watch };
  show();
  if (mine().length) sendAll();
})();
