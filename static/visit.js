// The forms of visits as the outbox sends them.
(function () {
  "use strict";

  if (!window.outbox) return;

  function householdCode(form, typed) {
    const said = (typed || "").trim();
    const lines = Array.from(form.querySelectorAll("#households option"), (option) => option.value);
    const meant = lines.filter((line) => line === said || line.split(" ")[0] === said || line.endsWith(` ${said}`));
    return meant.length === 1 ? meant[0].split(" ").pop() : said;
  }

  function matter(said) {
    if (!said.outcome || said.result === "nobody") return null;
    const parties = said.outcome === "dispute" ? [said.party_1, said.party_2] : [];
    return {
      outcome: said.outcome, field: said.field || "", category: said.category || "", severity: said.severity,
      parties: parties.filter((name) => name.trim()).map((name) => ({ name })),
    };
  }

  function itemOf(form) {
    const filled = new FormData(form);
    const said = Object.fromEntries(filled);
    const met = said.result !== "nobody";
    const household = form.dataset.household || householdCode(form, said.household);
    return {
      kind: said.result, api: document.getElementById("unsent").dataset.visits, place: form.dataset.place,
      once: form.dataset.once, line: met ? said.line : "",
      body: {
        household, day: said.day, result: said.result || "", present: met ? filled.getAll("present") : [],
        reasons: filled.getAll("reasons"), line: (met && said.line) || "", follow_up: said.follow_up || "",
        again_on: said.again_on || null, matter: matter(said),
      },
    };
  }

  // The form that chooses from a list, shown in the place of another one without a connection: the household stands
  // in the address.
  const asked = new URLSearchParams(location.search).get("household");
  const choosing = document.querySelector('form[data-visit="met"] input[list="households"]');
  if (asked && choosing && !choosing.value) choosing.value = asked;

  window.outbox.watch(document.querySelectorAll("form[data-visit]"), itemOf);
})();
