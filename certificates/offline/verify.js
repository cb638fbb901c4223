// Verifies a certificate or a transcript without its issuer: signature, credential, status. Everything is worked out here; KIT (data.js) holds the
// public keys, the signed status lists and the vocabulary of the credentials. Nothing is asked of any network.
"use strict";

const SAYS = {
  pdf: ["PDF 파일이 아니거나 잘렸어요.", "This is no PDF, or it was cut off."],
  large: ["20 MB가 넘는 파일이에요. 우리가 발급한 파일은 1 MB도 되지 않으니 우리 것이 아니에요.", "The file has more than 20 MB; what we issue has less than one. It is none of ours."],
  locked: ["암호로 잠긴 파일이에요. 우리가 발급한 파일은 잠그지 않으니 발급한 그대로가 아니에요.", "The file is locked with a password. What we issue never is, so this is not as it was issued."],
  added: ["서명한 뒤에 파일에 무언가 더해졌어요. 발급된 그대로의 파일을 받으세요.", "Something was added to the file after it was signed. Ask for the file as it was issued."],
  unsigned: ["우리가 발급한 그대로의 파일이 아니에요. 전체를 덮는 서명이 하나 있어야 해요.", "This is not the file as we issued it: one signature must cover all of it."],
  changed: ["서명한 뒤에 파일이 바뀌었어요.", "The file was changed after it was signed."],
  stranger: ["우리 키로 한 서명이 아니에요.", "It was not signed with a key of ours."],
  signed: ["서명이 파일 전체와 맞고, 우리 키로 했어요.", "The signature fits the whole file and is by a key of ours."],
  demo: ["다만 시연용 키라서 누가 발급했는지는 증명하지 않아요.", "But it is a demonstration key, which proves no issuer."],
  credential: ["자격 증명이 우리가 서명한 그대로예요.", "The credential is as we signed it."],
  unproven: ["자격 증명이 없거나 서명이 맞지 않아요.", "The credential is missing, or its proof does not hold."],
  unlisted: ["취소되었는지는 이 자료로 알 수 없어요. 더 새로운 자료를 받으세요.", "This kit cannot tell whether it was revoked. Get a newer one."],
  revoked: ["취소되었거나 다른 수료증으로 바뀌었어요.", "It was revoked or replaced."],
  standing: ["이 자료가 만들어진 때까지 취소되지 않았어요.", "It was not revoked when this kit was made."],
  withdrawn: ["본인이 철회한 성적증명서예요.", "Its holder withdrew this transcript."],
  kept: ["이 자료가 만들어진 때까지 철회되지 않은 성적증명서예요.", "This transcript was not withdrawn when this kit was made."],
  expired: ["유효 기간이 지났어요.", "It has expired."],
};
const SECURITY = "https://w3id.org/security#";
const TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
const ESCAPES = { "\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\" };
const MESSAGE_DIGEST = "06092a864886f70d010904";
const LARGEST = 20 * 1024 * 1024;

class Bad extends Error {}

const text = new TextEncoder();
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const unbase64 = (string) => Uint8Array.from(atob(string.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function inflated(bytes, kind) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(kind));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// --- the signature of the PDF

function der(bytes, at = 0) {
  let size = bytes[at + 1];
  let start = at + 2;
  if (size > 127) {
    const count = size & 127;
    size = 0;
    for (let place = 0; place < count; place += 1) size = size * 256 + bytes[start + place];
    start += count;
  }
  if (start + size > bytes.length) throw new Bad("unsigned");
  return { tag: bytes[at], whole: bytes.subarray(at, start + size), content: bytes.subarray(start, start + size), next: start + size };
}

function inside(value) {
  const found = [];
  for (let at = 0; at < value.content.length; at = found.at(-1).next) found.push(der(value.content, at));
  return found;
}

function parts(bytes) {
  const file = new TextDecoder("latin1").decode(bytes);
  if (!file.startsWith("%PDF-") || !file.trimEnd().endsWith("%%EOF")) throw new Bad("pdf");
  const ranges = [...file.matchAll(/\/ByteRange\[0 (\d+) (\d+) (\d+)\]/g)].map((found) => found.slice(1).map(Number));
  if (/\/Encrypt[ <]/.test(file)) throw new Bad("locked");
  if (ranges.length !== 1) throw new Bad(ranges.length ? "added" : "unsigned");
  const [start, end, rest] = ranges[0];
  if (end + rest < bytes.length) throw new Bad("added");
  const between = file.slice(start, end);
  if (end + rest !== bytes.length || !/^<[0-9a-f]+>$/.test(between)) throw new Bad("unsigned");
  const message = Uint8Array.from(between.slice(1, -1).match(/../g), (pair) => parseInt(pair, 16));
  return { file, message, signed: joined(bytes.subarray(0, start), bytes.subarray(end)) };
}

function raw(signature, size) {
  const numbers = inside(der(signature)).map((number) => {
    const digits = number.content.subarray(number.content.length > size ? number.content.length - size : 0);
    return joined(new Uint8Array(size - digits.length), digits);
  });
  return joined(...numbers);
}

async function signer(message, signed) {
  const content = inside(inside(inside(der(message))[1])[0]);
  const [, , , attributes, , signature] = inside(inside(content.at(-1))[0]);
  const digest = inside(attributes).map(inside).find(([kind]) => hex(kind.whole) === MESSAGE_DIGEST);
  if (!digest || hex(inside(digest[1])[0].content) !== hex(await sha256(signed))) throw new Bad("changed");
  const said = attributes.whole.slice();
  said[0] = 0x31;
  for (const known of KIT.signers) {
    const key = await crypto.subtle.importKey("spki", unbase64(known.key), known.algorithm, false, ["verify"]);
    const bytes = known.size ? raw(signature.content, known.size) : signature.content;
    if (await crypto.subtle.verify({ ...known.algorithm, hash: "SHA-256" }, key, bytes, said)) return known;
  }
  throw new Bad("stranger");
}

// --- the credential, in canonical form (RDFC-1.0 for our shape: no two nameless nodes alike)

const many = (said) => (Array.isArray(said) ? said : [said]);

function address(value) {
  if (typeof value !== "string" || !/^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020<>"{}|\\^`]+$/.test(value)) throw new Bad("unproven");
  return `<${value}>`;
}

function literal(value, kind) {
  let said = value;
  if (typeof said === "boolean" && kind.endsWith("XMLSchema#boolean")) said = String(said);
  if (typeof said !== "string") throw new Bad("unproven");
  if (kind === "@id") return address(said);
  if (kind === "@vocab") return address(SECURITY + said);
  const control = (letter) => ESCAPES[letter] ?? `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const quoted = `"${said.replace(/[\u0000-\u001f"\\\u007f]/g, control)}"`;
  return kind ? `${quoted}^^<${kind}>` : quoted;
}

function walk(node, contexts, quads, count) {
  const { id, type = [], ...own } = node;
  const subject = "id" in node ? address(id) : `_:b${count.next++}`;
  const known = KIT.terms[`${contexts.join(" ")} ${[...many(type)].sort().join(" ")}`];
  if (!known) throw new Bad("unproven");
  for (const each of many(type)) quads.push([subject, TYPE, address(known[each][0])]);
  for (const [name, said] of Object.entries(own)) {
    if (!Object.hasOwn(known, name)) throw new Bad("unproven");
    const [property, kind] = known[name];
    for (const value of many(said)) {
      const told = value && typeof value === "object" ? walk(value, contexts, quads, count) : literal(value, kind);
      quads.push([subject, `<${property}>`, told]);
    }
  }
  return subject;
}

function byLetter(one, other) {
  const [a, b] = [[...one], [...other]];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
  }
  return a.length - b.length;
}

const line = (names) => ([subject, told, said]) => `${names(subject)} ${told} ${names(said)} .\n`;

async function canonical({ "@context": contexts, ...body }) {
  const all = [];
  walk(body, many(contexts), all, { next: 0 });
  const quads = [...new Map(all.map((quad) => [quad.join(" "), quad])).values()];
  const labels = [...new Set(quads.flatMap(([subject, , said]) => [subject, said]).filter((name) => name.startsWith("_:")))];
  const digests = [];
  for (const label of labels) {
    const about = quads.filter(([subject, , said]) => subject === label || said === label);
    const named = line((name) => (name.startsWith("_:") ? (name === label ? "_:a" : "_:z") : name));
    digests.push([hex(await sha256(text.encode(about.map(named).sort(byLetter).join("")))), label]);
  }
  digests.sort(([one], [other]) => (one < other ? -1 : 1));
  if (new Set(digests.map(([digest]) => digest)).size !== labels.length) throw new Bad("unproven");
  const names = new Map(digests.map(([, label], place) => [label, `_:c14n${place}`]));
  return quads.map(line((name) => names.get(name) ?? name)).sort(byLetter).join("");
}

function unbase58(string) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const letter of string.slice(1)) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const digits = number.toString(16);
  const bytes = (digits.length % 2 ? `0${digits}` : digits).match(/../g).map((pair) => parseInt(pair, 16));
  return joined(new Uint8Array(string.slice(1).match(/^1*/)[0].length), bytes);
}

async function proven({ proof, ...document }) {
  if (!Array.isArray(proof) || proof.length !== 1) throw new Bad("unproven");
  const { proofValue, ...options } = proof[0];
  const [method, key] = options.verificationMethod.split("#");
  const issuer = document.issuer?.id ?? document.issuer;
  const fits = options.type === "DataIntegrityProof" && options.cryptosuite === "eddsa-rdfc-2022" && options.proofPurpose === "assertionMethod";
  if (!fits || method !== issuer || !KIT.keys.includes(key)) throw new Bad("unproven");
  const said = joined(
    await sha256(text.encode(await canonical({ "@context": document["@context"], ...options }))),
    await sha256(text.encode(await canonical(document))),
  );
  const known = await crypto.subtle.importKey("raw", unbase58(key).subarray(2), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", known, unbase58(proofValue), said))) throw new Bad("unproven");
  return document;
}

async function attached(bytes, file) {
  const at = file.indexOf("/Type/EmbeddedFile/Subtype");
  const length = at < 0 ? null : file.slice(at).match(/^[^]*?\/Length (\d+)>>\nstream\n/);
  if (!length) throw new Bad("unproven");
  const start = at + length[0].length;
  return JSON.parse(new TextDecoder().decode(await inflated(bytes.subarray(start, start + Number(length[1])), "deflate")));
}

async function revoked({ statusListCredential, statusListIndex }) {
  const list = KIT.lists[statusListCredential];
  if (!list) throw new Bad("unlisted");
  const { credentialSubject } = await proven(list);
  const bits = await inflated(unbase64(credentialSubject.encodedList.slice(1)), "gzip");
  const index = Number(statusListIndex);
  return Boolean(bits[index >> 3] & (128 >> (index & 7)));
}

// --- what is said

function told(good, key) {
  const [ko, en] = SAYS[key];
  const row = document.createElement("li");
  row.dataset.good = good ? "yes" : "no";
  row.textContent = ko;
  const other = document.createElement("span");
  other.lang = "en";
  other.textContent = en;
  row.append(other);
  document.querySelector("#checks").append(row);
}

const programme = (subject) => [
  ...(subject.achievement.achievementType === "Course"
    ? [["강좌 · Course", subject.achievement.name], ["설명 · Description", subject.achievement.description]]
    : [["과정 · Programme", subject.achievement.name]]),
  ["기수 · Cohort", subject.term],
  ["기간 · Period", `${subject.activityStartDate.slice(0, 10)} – ${subject.activityEndDate.slice(0, 10)}`],
  ["내용 · Contents", subject.achievement.criteria.narrative],
];

const courses = ({ achievement }) => [
  ["종류 · Kind", achievement.name],
  ["전체 · Total", achievement.description],
  ...achievement.criteria.narrative.split("\n").map((line) => [/^\d+\. /.test(line) ? "과목 · Course" : "과정 · Programme", line]),
];

function facts(credential) {
  const subject = credential.credentialSubject;
  const names = subject.identifier.filter((each) => each.identityType === "name").map((each) => each.identityHash);
  const rows = [
    ["번호 · Number", subject.licenseNumber],
    ["이름 · Name", names.join(" / ")],
    ...(isTranscript(credential) ? courses(subject) : programme(subject)),
    ["발급 · Issued", `${credential.issuer.name}, ${credential.validFrom.slice(0, 10)}`],
  ];
  for (const [label, said] of rows) {
    const term = document.createElement("dt");
    const detail = document.createElement("dd");
    term.textContent = label;
    detail.textContent = said;
    document.querySelector("#facts").append(term, detail);
  }
}

const isTranscript = (credential) => credential.credentialSubject.achievement.achievementType === "ext:Transcript";

async function documentOf(bytes) {
  if (String.fromCharCode(bytes[0]) === "{") return JSON.parse(new TextDecoder().decode(bytes));
  const { file, message, signed } = parts(bytes);
  const known = await signer(message, signed);
  told(true, "signed");
  if (known.demonstration) told(true, "demo");
  return attached(bytes, file);
}

async function checked(bytes) {
  const credential = await proven(await documentOf(bytes));
  if (!many(credential.type).includes("OpenBadgeCredential")) throw new Bad("unproven");
  told(true, "credential");
  facts(credential);
  const [gone, stands] = isTranscript(credential) ? ["withdrawn", "kept"] : ["revoked", "standing"];
  if (await revoked(credential.credentialStatus)) throw new Bad(gone);
  told(true, stands);
  if (credential.validUntil && new Date() >= new Date(credential.validUntil)) throw new Bad("expired");
}

async function look(file) {
  const verdict = document.querySelector("#verdict");
  document.querySelector("#checks").replaceChildren();
  document.querySelector("#facts").replaceChildren();
  verdict.textContent = "…";
  let good = true;
  try {
    if (file.size > LARGEST) throw new Bad("large");
    await checked(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    good = false;
    told(false, error instanceof Bad ? error.message : "unproven");
  }
  verdict.textContent = good ? "진짜이며 유효해요. · Genuine and valid." : "유효하지 않아요. · Not valid.";
  verdict.dataset.good = good ? "yes" : "no";
}

document.querySelector("#issuer").textContent = `${KIT.issuer} · ${KIT.made}`;
document.querySelector("#file").addEventListener("change", (event) => event.target.files[0] && look(event.target.files[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) look(event.dataTransfer.files[0]);
});
