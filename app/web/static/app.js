// Comforts on top of pages that work without: nothing here is needed to use a service.
"use strict";

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => reopen(document), 10000); // the answer may have been a download
}, true);

const reopen = (root) => {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};
addEventListener("pageshow", () => reopen(document));
document.addEventListener("htmx:finally:request", () => reopen(document));

// What is wrong is read out first.
const showErrors = () => document.getElementById("error-summary")?.focus();
showErrors();
document.addEventListener("htmx:after:swap", showErrors);

// A suggestion never takes the place of what was typed while it was on its way: <input data-suggests="id">
document.addEventListener("htmx:before:swap", (event) => {
  const suggested = event.detail.ctx.sourceElement.dataset.suggests;
  if (suggested && document.getElementById(suggested).value) event.preventDefault();
});
// It is marked where somebody is about to type, so that typing takes its place.
document.addEventListener("htmx:before:settle", (event) => {
  for (const source of document.querySelectorAll("[data-suggests]")) {
    const field = document.getElementById(source.dataset.suggests);
    if (field === document.activeElement && event.target.contains(field)) field.select();
  }
});

// A menu closes with Escape and gives the focus back.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open], details.drop[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// <button data-copy="#code" data-done="Copied"> puts the text of #code on the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  const label = button.querySelector("span") ?? button;
  label.textContent = button.dataset.done;
});

// <button data-print> prints the page.
document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && print());

// Leaving a form with changes that were not sent asks first: <form data-keep>.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-keep")) changed.add(form);
});
addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected && !form.dataset.sent)) event.preventDefault();
});
