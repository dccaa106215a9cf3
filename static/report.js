// Files reports through the API and keeps what could not be sent yet on this phone until the server has received it.
// Without this script the same forms post to the server by themselves.
(function () {
  "use strict";

  const box = document.getElementById("unsent");
  if (!box || !window.fetch || !window.localStorage) return;
  const user = box.dataset.user;
  const KEY = "unsent-report:"; // one entry a report, so that two tabs never write over each other
  const PAUSES = [5, 10, 20, 60, 120, 300]; // seconds between tries while there is no connection
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

  const mine = () => kept().filter((item) => item.user === user);
  const keep = (item) => localStorage.setItem(KEY + item.body.client_id, JSON.stringify(item));
  const forget = (item) => localStorage.removeItem(KEY + item.body.client_id);

  // --- what the form says -------------------------------------------------------------------------------------

  function householdCode(form, typed) {
    const said = typed.trim();
    if (!said) return "";
    const lines = Array.from(form.querySelectorAll("#households option"), (option) => option.value);
    const meant = lines.filter((line) => line === said || line.split(" ")[0] === said || line.endsWith(` ${said}`));
    return meant.length === 1 ? meant[0].split(" ").pop() : said;
  }

  function finding(form) {
    const said = Object.fromEntries(new FormData(form));
    const parties = said.outcome === "dispute" ? [said.party_1, said.party_2] : [];
    return {
      field: said.field || "", category: said.category || "", line: said.line, severity: said.severity,
      outcome: said.outcome || "", area: said.place, household: householdCode(form, said.household),
      parties: parties.filter((name) => name.trim()).map((name) => ({ name })),
    };
  }

  function itemOf(form) {
    const findings = form.dataset.report === "found" ? [finding(form)] : [];
    return {
      user,
      place: form.dataset.place,
      problem: "",
      body: {
        client_id: form.dataset.clientId, area: form.dataset.area, day: form.dataset.day, findings,
        captured_at: new Date().toISOString(), proxy: form.dataset.proxy === "yes",
      },
    };
  }

  // --- sending ------------------------------------------------------------------------------------------------

  function token() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return cookie ? cookie.slice("csrftoken=".length) : field ? field.value : "";
  }

  // Returns {status, answer}; status 0 where nothing came back.
  async function send(item) {
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), 20000);
    try {
      const response = await fetch(box.dataset.api, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
        body: JSON.stringify(item.body),
        signal: patience.signal,
      });
      return { status: response.status, answer: await response.json() };
    } catch (problem) {
      return { status: 0, answer: null };
    } finally {
      clearTimeout(limit);
    }
  }

  const received = (status) => status === 200 || status === 201;

  // Tells what became of an item and keeps or forgets it: only a receipt of the server makes the phone forget.
  function settle(item, { status, answer }) {
    if (received(status) || status === 409) forget(item);
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
      const status = await attempt(item);
      arrived = arrived || received(status);
      if (status === 0 || status >= 500) break;
    }
    show();
    if (arrived && !document.querySelector("form.found")) location.reload();
    else again();
  }

  async function attempt(item) {
    sending.add(item.body.client_id);
    const outcome = await send(item);
    sending.delete(item.body.client_id);
    const status = settle(item, outcome);
    if (received(status)) tries = 0;
    return status;
  }

  function again() {
    if (!mine().some((item) => item.problem !== "refused")) return;
    timer = setTimeout(sendAll, 1000 * PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  function show() {
    const list = box.querySelector(".unsent-list");
    const all = kept();
    const own = all.filter((item) => item.user === user);
    list.replaceChildren(...own.map(row));
    box.querySelector(".unsent-others").hidden = own.length === all.length;
    box.hidden = all.length === 0;
    markForms(own);
  }

  function row(item) {
    const line = document.getElementById("unsent-row").content.firstElementChild.cloneNode(true);
    const set = (name, text) => { line.querySelector(`[data-part="${name}"]`).textContent = text; };
    set("place", item.place);
    set("day", item.body.day);
    set("line", item.body.findings.length ? item.body.findings[0].line : word("nil"));
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

  // A nil report that waits on this phone is not filed a second time: its button rests.
  function markForms(own) {
    for (const form of document.querySelectorAll('form[data-report="nil"]')) {
      const waits = own.some((item) => item.body.area === form.dataset.area && item.body.day === form.dataset.day);
      form.querySelector("button").disabled = waits;
    }
  }

  function showErrors(form, answer) {
    const told = { ...answer, ...((answer.findings || {})[0] || {}) };
    for (const place of form.querySelectorAll("[data-error]")) place.replaceChildren();
    for (const [name, errors] of Object.entries(told)) {
      if (name === "findings") continue;
      const text = words(errors).join(" ");
      const place = form.querySelector(`[data-error="${name === "area" ? "place" : name}"]`) || form.querySelector("[data-errors]");
      place.append(Object.assign(document.createElement("span"), { textContent: text }));
    }
    const first = form.querySelector("[data-error]:not(:empty), [data-errors]:not(:empty)");
    if (first) first.scrollIntoView({ block: "center" });
  }

  // --- the forms ----------------------------------------------------------------------------------------------

  async function file(event) {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.busy) return event.preventDefault();
    const item = itemOf(form);
    try {
      keep(item);
    } catch (full) {
      return undefined; // this browser keeps nothing: the form goes the way without script
    }
    event.preventDefault();
    form.dataset.busy = "yes";
    const outcome = await attemptFrom(item);
    delete form.dataset.busy;
    return after(form, item, outcome);
  }

  async function attemptFrom(item) {
    sending.add(item.body.client_id);
    const outcome = await send(item);
    sending.delete(item.body.client_id);
    settle(item, outcome);
    return outcome;
  }

  function after(form, item, { status, answer }) {
    if (received(status)) return location.assign(form.dataset.next);
    if (status === 409) return tell(form, word("conflict"));
    if (status === 400 && form.dataset.report === "found") {
      forget(item); // nothing is lost: it still stands in the form
      showErrors(form, answer);
    } else {
      form.reset();
      form.dataset.clientId = newId();
      box.scrollIntoView({ block: "start" });
    }
    show();
    return again();
  }

  function tell(form, text) {
    const place = form.querySelector("[data-errors]") || box.querySelector(".unsent-list");
    place.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
    box.hidden = box.contains(place) ? false : box.hidden;
    form.dataset.clientId = newId();
  }

  for (const form of document.querySelectorAll("form[data-report]")) {
    form.dataset.clientId = newId();
    form.addEventListener("submit", file);
  }
  // Coming back to a page the browser had kept: what was sent from it must not be sent again under the same number.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("online", () => { tries = 0; sendAll(); });

  // Another tab had a receipt: a page that shows what was filed is old from then on; a form half filled in stays.
  function refresh() {
    if (!document.querySelector("form.found")) location.reload();
    else show();
  }
  window.addEventListener("storage", (event) => {
    if (event.key && event.key.startsWith(KEY) && event.newValue === null) refresh();
  });
  show();
  if (mine().length) sendAll();
})();
