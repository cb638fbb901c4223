// form[data-roll]: in a list of people, up and down lead to the same column of the next person; in a time field that would
// change the time, which nobody wants who goes down a list.

for (const form of document.querySelectorAll("form[data-roll]")) {
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = step > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling;
    row?.children[cell.cellIndex]?.querySelector("input:not([type=hidden])")?.focus();
  });
}
