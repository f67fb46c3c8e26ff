// What polling must not disturb, and a word when the server is away.
(() => {
  // The person folds and unfolds; answers of the server do not know about it.
  const own = { DETAILS: ["open"], TR: ["hidden"], BUTTON: ["aria-expanded"] };
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !own[node.tagName]?.includes(name);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.unfold");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    for (const row of button.closest("tbody").querySelectorAll(".sub")) row.hidden = !open;
  });

  const notice = document.getElementById("offline");
  const away = (event) => {
    if (event.detail.target?.id !== "dialog-content") notice.hidden = false;
  };
  document.addEventListener("htmx:sendError", away);
  document.addEventListener("htmx:responseError", away);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) notice.hidden = true;
  });

  const units = [[60, "second"], [60, "minute"], [24, "hour"], [Infinity, "day"]];
  const ago = (seconds) => {
    if (seconds < 10) return "just now";
    let count = seconds;
    for (const [size, name] of units) {
      if (count < size) return `${Math.floor(count)} ${name}${Math.floor(count) === 1 ? "" : "s"} ago`;
      count /= size;
    }
    return "";
  };
  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const text = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
      if (time.textContent !== text) time.textContent = text;
    }
  }, 10000);
})();
