"use strict";

const POLL_MS = 1200;
const FOLDED_HEIGHT = 420;
const byId = (id) => document.getElementById(id);
const shown = new Map(); // item key → its <li>, of the person on show
const seen = new Map(); // person → how many of their items were looked at
let people = [];
let isFirstLook = true;

const current = () => decodeURIComponent(location.hash.slice(1));
const keyOf = (item) => [item.kind, item.id ?? item.text, item.at].join("|");

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function initials(name) {
  return name.split(" ").map((part) => part[0]).slice(0, 2).join("");
}

function paintFace(face, person) {
  const hue = [...person.name, ...person.email].reduce((sum, letter) => (sum * 137 + letter.codePointAt(0)) % 360, 7);
  face.textContent = initials(person.name);
  face.style.setProperty("--hue", hue);
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(at)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function stamp(at) {
  const time = make("time", "", clock(at));
  time.dateTime = at;
  return time;
}

const CHANNELS = { email: "e-mail", sms: "text message" };

function summary(item) {
  if (!item) return "";
  if (item.kind === "email") return item.subject;
  if (item.kind === "unsent") return `Not sent: ${item.text}`;
  if (item.kind === "held") return `Waits: ${item.text}`;
  return item.kind === "wrote" ? `You: ${item.text}` : item.text;
}

// The list of people

function drawPeople() {
  const list = byId("people");
  const rows = people.map((person) => {
    const unseen = person.items.length - (seen.get(person.id) ?? 0);
    const row = make("button", unseen > 0 && person.id !== current() ? "person new" : "person");
    row.type = "button";
    row.dataset.id = person.id;
    row.setAttribute("aria-current", person.id === current());
    const face = make("span", "face");
    face.setAttribute("aria-hidden", "true");
    paintFace(face, person);
    const name = make("b", "", person.name);
    name.append(make("small", "", person.language));
    const last = make("span", "last", summary(person.items.at(-1)) || "Known to the shop");
    row.append(face, name, make("time", "", ago(person.at)), last, make("span", "dot"));
    const place = make("li");
    place.append(row);
    return place;
  });
  const focused = document.activeElement?.dataset?.id;
  list.replaceChildren(...rows);
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// One person's story

function drawMail(item) {
  const node = byId("mail").content.firstElementChild.cloneNode(true);
  const [frame, sheet, more] = ["iframe", ".sheet", ".more"].map((part) => node.querySelector(part));
  node.querySelector(".from-face").textContent = item.from[0];
  node.querySelector(".from b").textContent = item.from;
  node.querySelector(".subject").textContent = item.subject;
  node.querySelector("time").textContent = clock(item.at);
  frame.title = `E-mail: ${item.subject}`;
  frame.addEventListener("load", () => {
    const height = frame.contentDocument.documentElement.scrollHeight;
    frame.style.height = `${height}px`;
    const isLong = height > FOLDED_HEIGHT + 60;
    sheet.classList.toggle("long", isLong);
    sheet.classList.toggle("open", !isLong);
    more.hidden = !isLong;
  });
  more.addEventListener("click", () => {
    const isOpen = sheet.classList.toggle("open");
    more.textContent = isOpen ? "Fold it up" : "Show the whole message";
  });
  frame.src = `/letters/${encodeURIComponent(item.id)}`;
  return node;
}

function drawUnsent(item) {
  const node = byId("unsent").content.firstElementChild.cloneNode(true);
  node.classList.toggle("held", item.kind === "held");
  const verb = item.kind === "held" ? "Held back" : "Not sent";
  const what = [item.flow, CHANNELS[item.channel] ?? item.channel].filter(Boolean).join(", ");
  node.querySelector("b").textContent = `${verb}: ${what}`;
  node.querySelector("p").textContent = item.text;
  node.querySelector("time").textContent = clock(item.at);
  const facts = { message: item.template, reason: item.reason, rule: item.rule, until: item.until, ...item.facts };
  const list = node.querySelector("dl");
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === "") continue;
    const plain = typeof value === "object" ? JSON.stringify(value) : String(value);
    list.append(make("dt", "", name.replaceAll("_", " ")), make("dd", "", plain));
  }
  return node;
}

function draw(item) {
  if (item.kind === "email") return drawMail(item);
  if (item.kind === "unsent" || item.kind === "held") return drawUnsent(item);
  if (item.kind === "did") {
    const node = make("p", "did", item.text);
    node.append(stamp(item.at));
    return node;
  }
  const isOwn = item.kind === "wrote";
  const node = make("div", isOwn ? "own" : "text", item.text);
  node.append(make("small", "", isOwn ? clock(item.at) : `${item.from} · ${clock(item.at)}`));
  return node;
}

function drawStory() {
  const person = people.find((one) => one.id === current());
  byId("desk").classList.toggle("reading", Boolean(person));
  byId("who").hidden = !person;
  byId("nobody").hidden = Boolean(person) || people.length > 0;
  if (!person) return;
  paintFace(byId("who-face"), person);
  byId("who-name").textContent = person.name;
  const about = [person.email, person.phone, person.guest ? "guest" : "customer", person.country];
  byId("who-where").textContent = about.filter(Boolean).join(" · ");
  const story = byId("story");
  const isAtEnd = story.scrollHeight - story.scrollTop - story.clientHeight < 120;
  const keys = new Set(person.items.map(keyOf));
  for (const [key, node] of shown) {
    if (!keys.has(key)) {
      node.remove();
      shown.delete(key);
    }
  }
  let added = false;
  let after = null;
  for (const item of person.items) {
    const key = keyOf(item);
    let node = shown.get(key);
    if (!node) {
      node = make("li");
      node.append(draw(item));
      shown.set(key, node);
      after ? after.after(node) : byId("items").prepend(node);
      added = true;
    }
    after = node;
  }
  seen.set(person.id, person.items.length);
  if (added && isAtEnd) story.scrollTo({ top: story.scrollHeight });
}

function choose(id) {
  shown.clear();
  byId("items").replaceChildren();
  if (current() !== id) location.hash = encodeURIComponent(id);
  drawStory();
  drawPeople();
}

async function poll() {
  try {
    const answer = await fetch("/everything.json");
    if (!answer.ok) throw new Error(answer.statusText);
    const found = await answer.json();
    people = found.people;
    if (isFirstLook) for (const person of people) seen.set(person.id, person.items.length);
    isFirstLook = false;
    for (const name of ["sent", "spared", "inside"]) byId(name).textContent = found[name];
    byId("live").textContent = "live";
    byId("live").classList.remove("gone");
    // On a wide screen somebody is always open: the first who got something.
    const isWide = matchMedia("(min-width: 761px)").matches;
    const first = people.find((person) => person.items.some((item) => item.kind === "email"));
    if (isWide && !current() && first) choose(first.id);
    drawStory();
    drawPeople();
  } catch {
    byId("live").textContent = "the demo has ended";
    byId("live").classList.add("gone");
  }
  setTimeout(poll, POLL_MS);
}

byId("people").addEventListener("click", (event) => {
  const row = event.target.closest(".person");
  if (row) choose(row.dataset.id);
});
byId("back").addEventListener("click", () => choose(""));
addEventListener("hashchange", () => choose(current()));
poll();
