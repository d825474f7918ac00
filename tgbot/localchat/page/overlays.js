// What lies over the chat for a moment: toasts, alerts, an enlarged picture.

import { word } from "./words.js";

const $ = (id) => document.getElementById(id);
const waiting = [];

export function toast(text) {
  const box = document.createElement("div");
  box.className = "toast";
  box.textContent = text;
  $("toasts").append(box);
  setTimeout(() => box.classList.add("leaving"), 1800 + Math.min(4000, text.length * 40));
  box.addEventListener("animationend", () => box.classList.contains("leaving") && box.remove());
  while ($("toasts").children.length > 3) $("toasts").firstChild.remove();
}

export function alertBox(text) {
  waiting.push(text);
  if (!$("alert").open) showNext();
}

function showNext() {
  const text = waiting.shift();
  if (text === undefined) return;
  $("alert").querySelector("p").textContent = text;
  $("alert").querySelector("button").textContent = word("ok");
  $("alert").showModal();
}
$("alert").addEventListener("close", showNext);

export function enlarge(address) {
  $("lightbox").querySelector("img").src = address;
  $("lightbox").showModal();
}

export async function copy(text) {
  await navigator.clipboard.writeText(text).then(() => toast(word("copied")), () => undefined);
}
