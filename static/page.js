// Small comforts on every page; each of them has a way that works without this script.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A filter form sends itself as soon as something is chosen; its button stays for those without a script.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
      form.requestSubmit();
    }
  });

  document.addEventListener("submit", (event) => {
    const question = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // One box ticks all boxes of a name in its form.
  for (const label of document.querySelectorAll("[data-check-all]")) {
    const all = label.querySelector("input");
    const boxes = () => all.form.querySelectorAll(`input[type=checkbox][name="${label.dataset.checkAll}"]`);
    label.hidden = false;
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  }

  // Menus made of <details> close with Escape and with a tap beside them.
  const openMenus = () => document.querySelectorAll("details.more[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
