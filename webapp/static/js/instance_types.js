// The form of a limit: a type that was found is put into its field, without sending the form.
(() => {
  document.documentElement.classList.add("scripted");
  const fieldOf = (form) => form.querySelector("[name=instance_type]");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-limit-form] button[name=choose]");
    if (!button) return;
    event.preventDefault();
    const field = fieldOf(button.form);
    field.value = button.value;
    field.focus();
    htmx.trigger(field, "chosen");
  });
  // Down from the field to what was found, and along it; Escape goes back to the field.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-limit-form]");
    if (!form) return;
    const found = [...form.querySelectorAll("button[name=choose]")];
    const field = fieldOf(form);
    const at = found.indexOf(event.target);
    if (event.target !== field && at < 0) return;
    const to = { ArrowDown: found[at + 1], ArrowUp: at > 0 ? found[at - 1] : field, Escape: field }[event.key];
    if (to) {
      event.preventDefault();
      to.focus();
    } else if (event.key === "Enter" && event.target === field && found.length) {
      event.preventDefault(); // not complete yet: the form would only come back
      found[0].focus();
    }
  });
})();
