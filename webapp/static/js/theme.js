// Runs before anything is drawn, so that a chosen theme does not flash.
(() => {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const chosen = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage is forbidden here; the system's theme still works
    }
  };
  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = document.querySelector("[data-theme-button]");
    if (button) {
      button.hidden = false;
      button.setAttribute("aria-label", `Theme: ${theme}`);
      button.title = `Theme: ${theme}`;
    }
  };
  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-button]")) return;
    const next = order[(order.indexOf(chosen()) + 1) % order.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Not kept for the next page, but shown on this one.
    }
    show(next);
  });
})();
