// Follow the end of a log until its reader scrolls up.
(() => {
  const near = 40; // pixels from the end that still count as the end
  const most = 6000; // lines kept in the page; older ones stay one click away
  const watch = (log) => {
    if (log.dataset.watched) return;
    log.dataset.watched = "yes";
    const button = log.parentElement.querySelector(".follow");
    let following = log.hasAttribute("data-follow") && !location.hash;
    const toEnd = () => (log.scrollTop = log.scrollHeight);
    const show = () => (button.hidden = following || !log.querySelector("[hx-get]"));
    log.addEventListener("scroll", () => {
      following = log.scrollHeight - log.scrollTop - log.clientHeight < near;
      show();
    });
    button.addEventListener("click", () => {
      following = true;
      toEnd();
      show();
    });
    new MutationObserver(() => {
      if (following) {
        const lines = log.querySelectorAll(":scope > .line");
        for (let i = 0; i < lines.length - most; i++) lines[i].remove();
        toEnd();
      }
      show();
    }).observe(log, { childList: true, subtree: true });
    if (following) toEnd();
  };
  const watchAll = () => document.querySelectorAll(".log").forEach(watch);
  watchAll();
  document.addEventListener("htmx:load", watchAll);
})();
