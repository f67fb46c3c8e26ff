// A confirmation is a page of its own; here it opens in front of the page that leads to it.
(() => {
  const dialog = document.getElementById("dialog");
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "dialog-content") opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "dialog-content") return;
    // A page that is no confirmation (somebody else was first) is opened as a whole.
    if (!event.detail.target.firstElementChild) location.assign(opener.href);
    else if (!dialog.open) dialog.showModal();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target?.id === "dialog-content") location.assign(opener.href);
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-cancel]");
    if (cancel && dialog.contains(cancel)) {
      event.preventDefault();
      dialog.close();
    }
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => opener?.focus());
})();
