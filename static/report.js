// The forms of the daily report as the outbox sends them.
(function () {
  "use strict";

  if (!window.outbox) return;

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
    const { area, day, place, once } = form.dataset;
    return {
      kind: "nil", api: document.getElementById("unsent").dataset.reports, place, once,
      line: findings.length ? findings[0].line : "",
      body: { area, day, findings, proxy: form.dataset.proxy === "yes" },
    };
  }

  window.outbox.watch(document.querySelectorAll("form[data-report]"), itemOf);
})();
