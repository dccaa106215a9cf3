// A household of a proposal can be dragged from one member to another; the choice beside it does the same.
(() => {
  "use strict";
  const form = document.querySelector("[data-share-out]");
  if (!form) return;
  let dragged = null;
  form.querySelectorAll("[data-home]").forEach((row) => {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => {
      dragged = null;
    });
  });
  form.querySelectorAll("[data-holder]").forEach((holder) => {
    holder.addEventListener("dragover", (event) => {
      if (dragged) event.preventDefault();
    });
    holder.addEventListener("drop", (event) => {
      const choice = dragged && dragged.querySelector("select");
      if (!choice) return;
      event.preventDefault();
      choice.value = `${choice.value.split("-")[0]}-${holder.dataset.holder}`;
      const body = holder.querySelector("tbody");
      if (body) body.append(dragged);
      choice.focus();
    });
  });
})();
