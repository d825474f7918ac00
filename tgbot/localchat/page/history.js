// The list of one person's messages on the wall: days, groups, tails, and where the scroll stands.

import { newBubble, patchBubble } from "./bubbles.js";
import { locale, word } from "./words.js";

const GROUP_SECONDS = 300;
const WINDOW = 200;
const NEAR = 90;

const list = document.getElementById("messages");
const down = document.getElementById("to-bottom");
const elements = new Map();
let messages = new Map();
let shown = WINDOW;
let unseen = 0;
let sticking = true;
let lastTop = 0;

const nearBottom = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;

export function toBottom(behavior = "instant") {
  sticking = true;
  const far = list.scrollHeight - list.scrollTop > 2 * list.clientHeight;
  list.scrollTo({ top: list.scrollHeight, behavior: far ? "instant" : behavior });
  unseen = 0;
  markDown();
}

// Only a person's scrolling up lets go of the bottom; what grows or is on its way down does not.
function markDown() {
  if (nearBottom()) sticking = true;
  else if (list.scrollTop < lastTop) sticking = false;
  lastTop = list.scrollTop;
  down.hidden = sticking;
  if (down.hidden) unseen = 0;
  down.querySelector("span").textContent = unseen || "";
  down.ariaLabel = word("to_bottom");
}

// Shows another chat, or the same one in other words.
export function showAll(all, keepPlace = false) {
  messages = all;
  const place = list.scrollTop;
  elements.clear();
  list.replaceChildren();
  list.classList.add("still");
  if (!keepPlace) shown = WINDOW;
  arrange();
  if (keepPlace && !sticking) list.scrollTop = place;
  else toBottom();
  requestAnimationFrame(() => list.classList.remove("still"));
}

// `changed` are messages that are new or different; they are in the map already, unless deleted.
export function showChanges(changed) {
  const stick = sticking || changed.some((message) => !message.from_bot && !elements.has(message.id) && !message.deleted);
  for (const message of changed) {
    const element = elements.get(message.id);
    if (message.deleted) {
      if (element) leave(message.id, element);
    } else if (element) {
      patchBubble(element, message);
    } else if (!stick) {
      unseen += 1;
    }
  }
  arrange();
  if (stick) toBottom("smooth");
  else markDown();
}

function leave(id, element) {
  elements.delete(id);
  element.style.height = `${element.offsetHeight}px`;
  element.dataset.leaving = "";
  requestAnimationFrame(() => element.classList.add("leaving"));
  setTimeout(() => element.remove(), 320);
}

// Puts missing bubbles in their places and says which begin or end a group.
function arrange() {
  const visible = [...messages.values()].slice(-shown);
  let cursor = list.querySelector(":scope > .earlier");
  const more = messages.size > visible.length;
  if (more && !cursor) list.prepend((cursor = earlierButton()));
  if (!more && cursor) cursor = cursor.remove() ?? null;
  for (const day of list.querySelectorAll(":scope > .day")) day.remove();
  let before = null;
  for (const message of visible) {
    let element = elements.get(message.id);
    if (!element) elements.set(message.id, (element = newBubble(message)));
    if (!before || dayOf(before) !== dayOf(message)) {
      cursor = placeAfter(cursor, dayLine(message));
      before = null;
    }
    if (previousOf(element) !== cursor) placeAfter(cursor, element);
    const grouped = before && before.from_bot === message.from_bot && message.date - before.date < GROUP_SECONDS;
    element.classList.toggle("first", !grouped);
    element.classList.toggle("of-album", Boolean(grouped && message.album && message.album === before.album));
    if (before) elements.get(before.id).classList.toggle("last", !grouped);
    element.classList.add("last");
    cursor = element;
    before = message;
  }
}

function previousOf(element) {
  let previous = element.previousElementSibling;
  while (previous && "leaving" in previous.dataset) previous = previous.previousElementSibling;
  return element.parentNode ? previous : undefined;
}

function placeAfter(cursor, element) {
  if (cursor) cursor.after(element);
  else list.prepend(element);
  return element;
}

const dayOf = (message) => new Date(message.date * 1000).toDateString();

function dayLine(message) {
  const line = document.createElement("div");
  line.className = "day";
  const date = new Date(message.date * 1000);
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  line.textContent =
    ago === 0 ? word("today") : ago === 1 ? word("yesterday") : date.toLocaleDateString(locale(), { day: "numeric", month: "long" });
  return line;
}

function earlierButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "earlier";
  button.textContent = word("earlier");
  button.addEventListener("click", () => {
    const fromEnd = list.scrollHeight - list.scrollTop;
    shown += WINDOW;
    arrange();
    list.scrollTop = list.scrollHeight - fromEnd;
  });
  return button;
}

export function goTo(id) {
  const element = elements.get(id);
  if (!element) return;
  element.scrollIntoView({ block: "center", behavior: "smooth" });
  element.classList.remove("pointed");
  requestAnimationFrame(() => element.classList.add("pointed"));
}

list.addEventListener("scroll", markDown, { passive: true });
down.addEventListener("click", () => toBottom("smooth"));
new ResizeObserver(() => sticking && toBottom()).observe(list);
