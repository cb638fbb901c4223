// dialog[popover] opens without script as a popover. With script it becomes modal: the focus stays inside, Escape closes it,
// and the focus returns to the button. A dialog that holds errors opens by itself.

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[popovertarget]");
  if (!button) return;
  const dialog = document.getElementById(button.getAttribute("popovertarget"));
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (button.getAttribute("popovertargetaction") === "hide") dialog.close();
  else if (!dialog.open) dialog.showModal();
});

// A click on the backdrop is a click on the dialog itself, outside its box.
document.addEventListener("pointerdown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.matches(":modal")) return;
  const box = dialog.getBoundingClientRect();
  const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  if (outside) dialog.close();
});

for (const dialog of document.querySelectorAll("dialog[popover]")) {
  if (dialog.querySelector('[aria-invalid="true"]')) dialog.showModal();
}
