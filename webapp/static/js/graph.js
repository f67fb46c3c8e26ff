// Browsers leave a focused box of the graph half outside of the part that is shown.
(() => {
  const reveal = (node) => {
    const box = node.closest(".graph-box");
    const [outer, inner] = [box.getBoundingClientRect(), node.getBoundingClientRect()];
    const room = 16;
    box.scrollLeft += Math.max(0, inner.right + room - outer.right) - Math.max(0, outer.left + room - inner.left);
    box.scrollTop += Math.max(0, inner.bottom + room - outer.bottom) - Math.max(0, outer.top + room - inner.top);
  };
  document.addEventListener("focusin", (event) => {
    const node = event.target.closest?.(".node");
    if (node) reveal(node);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const chosen = document.querySelector(".node[aria-current]");
    if (chosen) reveal(chosen);
  });
})();
