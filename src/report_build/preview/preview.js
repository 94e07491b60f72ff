// What is shown, and at which place: a new page is loaded behind the old one and takes its place.
"use strict";
const find = (id) => document.getElementById(id);
let [front, back] = document.querySelectorAll("iframe");
let editions = [], known = 0, asked = 0, updates = 0;

const chosen = () => editions[Number(find("edition").value)] || editions[0];
const form = () => find("format").value || "html";

function address() {
  const one = chosen();
  const query = new URLSearchParams({ master: one.master, edition: one.id, rev: String(known) });
  if (form() !== "html") query.set("format", form());
  if (find("proof").checked) query.set("proof", "1");
  if (find("scheme").value) query.set("scheme", find("scheme").value);
  return (form() === "html" ? "page?" : "file?") + query;
}

// the last element with an id that begins above the middle of what is seen, and how far down it is
function place() {
  try {
    const inside = front.contentWindow;
    if (inside.scrollY < 4) return null;
    let best = null;
    for (const element of inside.document.querySelectorAll("[id]")) {
      const top = element.getBoundingClientRect().top;
      if (top < inside.innerHeight / 3 && element.getClientRects().length) best = { id: element.id, top };
    }
    return best && { ...best, whole: inside.scrollY };
  } catch { return null; }
}

function goTo(where, inside) {
  if (!where) return;
  const element = inside.document.getElementById(where.id);
  inside.scrollTo({ top: element ? inside.scrollY + element.getBoundingClientRect().top - where.top : where.whole, behavior: "instant" });
}

function show(keep) {
  if (!chosen()) return;
  if (form() === "docx" || form() === "epub") { location.assign(address()); find("format").value = "html"; return; }
  const mine = ++asked, where = keep ? place() : null;
  find("status").textContent = form() === "html" ? "" : "being made and proved …";
  back.onload = () => {
    if (mine !== asked) return;
    goTo(where, back.contentWindow);
    back.className = "shown"; back.removeAttribute("aria-hidden"); back.title = "The page";
    front.className = ""; front.setAttribute("aria-hidden", "true"); front.title = "The next page";
    front.onload = null;
    [front, back] = [back, front];
    find("status").textContent = "up to date";
    document.documentElement.dataset.revision = String(known);
  };
  back.src = address();
}

function listed(select, entries) {
  const before = select.value;
  select.replaceChildren(...entries.map(([value, label]) => new Option(label, value)));
  if (entries.some(([value]) => value === before)) select.value = before;
}

function problems(found) {
  const box = find("problems");
  box.hidden = found.length === 0;
  box.querySelector("h2").textContent = found.length === 1 ? "1 problem" : found.length + " problems";
  box.querySelector("ul").replaceChildren(...found.slice(0, 100).map((one) => {
    const item = document.createElement("li");
    if (one.file) {
      const link = document.createElement("a");
      link.href = "source?" + new URLSearchParams({ file: one.file }) + "#L" + one.line;
      link.target = "_blank"; link.rel = "noopener"; link.textContent = one.where;
      const editor = document.createElement("a");
      editor.href = "vscode://file" + encodeURI(one.path) + ":" + one.line + ":" + one.column;
      editor.textContent = "open in the editor";
      item.append(link, " (", editor, ") ");
    }
    item.append(one.severity + ": " + one.message);
    if (one.hint) { const hint = document.createElement("small"); hint.textContent = " " + one.hint; item.append(hint); }
    return item;
  }));
}

async function update(keep) {
  const mine = ++updates, state = await (await fetch("state")).json();
  if (mine !== updates) return; // a later answer is there already
  known = state.revision;
  editions = state.editions;
  listed(find("edition"), editions.map((one, index) => [String(index), one.name + (editions.some((x) => x.master !== one.master) ? " · " + one.master : "")]));
  const one = chosen();
  if (one) listed(find("format"), [["html", "HTML"], ...one.forms.map((x, i) => [x, one.formats[i]]).filter(([x]) => x !== "html")]);
  problems(state.problems);
  show(keep);
}

for (const id of ["edition", "format", "scheme", "proof"]) {
  find(id).addEventListener("change", () => update(id !== "edition"));
}
update(false).then(() => {
  const events = new EventSource("events?known=" + known);
  events.onmessage = () => update(true);
  events.addEventListener("stopped", () => { events.close(); find("status").textContent = "the preview has ended"; });
});
