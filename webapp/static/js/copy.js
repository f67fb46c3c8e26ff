// Buttons that copy a text, and say so to eyes and ears.
(() => {
  const say = (text) => {
    const voice = document.getElementById("voice");
    voice.textContent = "";
    setTimeout(() => (voice.textContent = text), 30);
  };
  const byHand = (source) => {
    // Without a secure context there is no clipboard API: select and use the old command.
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };
  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      return true;
    } catch {
      return byHand(source);
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const done = await copy(document.getElementById(button.dataset.copy));
    const word = button.querySelector("[data-copy-word]");
    const before = word.dataset.copyWord;
    word.textContent = done ? "Copied" : "Select and copy";
    say(done ? "Copied" : "Could not copy: select the text and copy it by hand");
    setTimeout(() => (word.textContent = before), 2000);
  });
})();
