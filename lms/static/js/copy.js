// button[data-copy="id of an element"]: puts the element's text into the clipboard and says so for two seconds.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]");
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    // An old or insecure page has no clipboard: choose the text, so that the reader's own keys copy it.
    getSelection().selectAllChildren(source);
    return;
  }
  const before = words.textContent;
  words.textContent = button.dataset.wordsDone;
  setTimeout(() => {
    words.textContent = before;
  }, 2000);
});
