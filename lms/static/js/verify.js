// [data-verify="the SHA-256 of the issued file"]: says whether a chosen or dropped file is that one, bit by bit. Without a
// hash ([data-look-up="an address"]) the file's own is looked up there. The file is read here and sent nowhere. Browsers compute
// digests on secure pages (https, localhost) only; elsewhere we say so.

async function digest(file) {
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(box, verdict, file, hash = "") {
  const said = box.querySelector(`template[data-verdict="${verdict}"]`).content.cloneNode(true);
  for (const place of said.querySelectorAll("[data-name]")) place.textContent = file?.name ?? "";
  for (const place of said.querySelectorAll("[data-hash]")) place.textContent = hash;
  box.querySelector("[data-verify-said]").replaceChildren(said);
}

async function check(box, input) {
  const files = [...input.files];
  if (!files.length) return;
  const chosen = files[0];
  if (chosen.size > Number(box.dataset.largest)) {
    say(box, "large", chosen);
    return;
  }
  if (!globalThis.crypto?.subtle) {
    say(box, "insecure");
    return;
  }
  say(box, "reading", chosen);
  try {
    const hash = await digest(chosen);
    if (input.files[0] !== chosen) return; // another file was chosen meanwhile
    if (box.dataset.lookUp) location.assign(box.dataset.lookUp + hash);
    else say(box, hash === box.dataset.verify ? "same" : "altered", chosen, hash);
  } catch {
    say(box, "unreadable");
  }
}

document.addEventListener("change", (event) => {
  const box = event.target.closest?.("[data-verify]");
  if (box && event.target.matches("input[type=file]")) check(box, event.target);
});
