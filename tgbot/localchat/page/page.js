// Puts the page together: who speaks, what is shown, what a click means.

import * as composer from "./composer.js";
import * as history from "./history.js";
import { alertBox, copy, enlarge, toast } from "./overlays.js";
import * as wire from "./wire.js";
import { speak, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const chats = new Map(); // person's id -> { person, state, messages, unread }
const waiting = new Map(); // callback query -> the button that turns
const early = new Map(); // answers to presses whose number is not known yet
let current = null;

// ---- what came from the server

function told(chat, state, everything) {
  if (everything) chat.messages.clear();
  for (const message of state.messages) {
    if (message.deleted) chat.messages.delete(message.id);
    else chat.messages.set(message.id, message);
  }
  const spoke = chat.state && chat.state.language !== state.language;
  chat.state = state;
  if (chat !== current) {
    if (!everything) chat.unread += state.messages.filter((message) => message.from_bot && !message.deleted && !message.edited).length;
    showPeople();
    return;
  }
  if (!everything) state.answers.forEach(answered);
  if (everything || spoke) showChat(spoke);
  else history.showChanges(state.messages);
  showAround();
}

// Only where the button was pressed; the answer may overtake the number of the press.
function answered(answer) {
  const button = waiting.get(answer.query);
  if (!button) {
    early.set(answer.query, answer);
    setTimeout(() => early.delete(answer.query), 10000);
    return;
  }
  waiting.delete(answer.query);
  button.classList.remove("waiting");
  if (answer.text) (answer.alert ? alertBox : toast)(answer.text);
  if (answer.url) followLink(answer.url);
}

const broken = new Map();
function connection(chat, how) {
  broken.set(chat.person.id, how);
  const worst = [...broken.values()].find((each) => each !== "here");
  $("lost").hidden = !worst;
  $("lost").textContent = worst ? word(worst === "refused" ? "new_key" : "lost") : "";
}

// ---- what is shown

function showChat(keepPlace) {
  speak(current.state?.language);
  current.unread = 0;
  history.showAll(current.messages, keepPlace);
  showPeople();
}

function showAround() {
  const { state, messages, person } = current;
  if (!state) return;
  $("bot-name").textContent = state.bot.name;
  const busy = { typing: "typing", upload_photo: "sends_photo", upload_document: "sends_file" };
  const doing = state.action && (busy[state.action] ?? "typing");
  $("status").textContent = doing ? `${word(doing)}…` : word(state.blocked ? "blocked" : "bot");
  $("status").classList.toggle("busy", Boolean(doing));
  clearTimeout(current.quiet);
  if (doing) current.quiet = setTimeout(() => { state.action = null; if (current.state === state) showAround(); }, 5000);
  const pinned = messages.get(state.pinned);
  $("pinned").hidden = !pinned;
  if (pinned) $("pinned").querySelector("em").textContent = new DOMParser().parseFromString(pinned.html, "text/html").body.textContent;
  composer.offer(state);
  showWelcome(messages.size === 0, state);
  document.title = `${state.bot.name} · ${person.name}`;
}

function showWelcome(empty, state) {
  document.querySelector(".welcome")?.remove();
  if (!empty) return;
  const card = document.createElement("div");
  card.className = "welcome";
  const title = document.createElement("h2");
  title.textContent = word("hello");
  const words = document.createElement("p");
  words.textContent = state.bot.description || word("hello_text");
  const start = document.createElement("button");
  start.type = "button";
  start.textContent = word("start");
  start.addEventListener("click", () => say("/start"));
  card.append(title, words, start);
  $("messages").append(card);
}

function face(person) {
  const element = document.createElement("span");
  element.className = `face ${person.admin ? "admin" : "guest"}`;
  element.textContent = person.name[0];
  return element;
}

function showPeople() {
  $("people").replaceChildren(...[...chats.values()].map((chat) => {
    const row = document.createElement("button");
    row.type = "button";
    row.className = "person";
    row.dataset.person = chat.person.id;
    row.ariaPressed = String(chat === current);
    const words = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = chat.person.name;
    const role = document.createElement("small");
    role.textContent = word(chat.person.admin ? "admin" : "guest");
    words.append(name, role);
    row.append(face(chat.person), words);
    if (chat.unread) row.append(badge(chat.unread));
    row.addEventListener("click", () => switchTo(chat));
    return row;
  }));
  const other = [...chats.values()].find((chat) => chat !== current) ?? current;
  $("person-chip").replaceChildren(face(current.person), ...(other.unread ? [badge(other.unread)] : []));
  $("person-chip").ariaLabel = `${word("switch_to")}: ${other.person.name}`;
  $("person-chip").title = $("person-chip").ariaLabel;
  const spoken = current.state?.language ?? "en";
  $("language-chip").textContent = spoken.toUpperCase();
  $("language-chip").ariaLabel = spoken === "en" ? "Русский" : "English";
  for (const button of document.querySelectorAll("[data-language]")) button.ariaPressed = String(button.dataset.language === spoken);
  for (const button of document.querySelectorAll("[data-theme-toggle]")) button.ariaLabel = button.title = word("theme");
}

function badge(count) {
  const element = document.createElement("span");
  element.className = "badge";
  element.textContent = count;
  return element;
}

function switchTo(chat) {
  current = chat;
  remember("person", chat.person.id);
  showChat(false);
  showAround();
}

// ---- what a person does

async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(error.status ? error.message : word("lost"));
    return null;
  }
}

const say = (text) => attempt(() => wire.send(current.person.id, text));
const give = (files, caption) => attempt(() => wire.upload(current.person.id, files, caption));

// A part of an album takes the others along.
function forward(id) {
  const { album } = current.messages.get(id);
  const whole = album ? [...current.messages.values()].filter((each) => each.album === album).map((each) => each.id) : [id];
  return attempt(() => wire.forward(current.person.id, whole));
}

async function press(button, message) {
  if (button.classList.contains("waiting")) return;
  button.classList.add("waiting");
  const pressed = await attempt(() => wire.press(current.person.id, message, button.dataset.data));
  if (!pressed) return void button.classList.remove("waiting");
  waiting.set(pressed.query, button);
  if (early.has(pressed.query)) answered(early.get(pressed.query));
  setTimeout(() => button.classList.remove("waiting"), 15000);
}

// A deep link to the bot itself is a command, as in Telegram.
function followLink(address) {
  const start = ownStart(address);
  if (start !== null) say(start ? `/start ${start}` : "/start");
  else window.open(address, "_blank", "noopener,noreferrer");
}

function ownStart(address) {
  const username = current.state?.bot.username;
  const link = new URL(address, "https://t.me");
  return link.hostname === "t.me" && link.pathname === `/${username}` ? (link.searchParams.get("start") ?? "") : null;
}

$("messages").addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const message = Number(at(".message")?.dataset.id);
  const button = at(".inline-button");
  if (button?.dataset.data !== undefined) press(button, message);
  else if (button?.dataset.copy) copy(button.dataset.copy);
  else if (at(".forward")) forward(message);
  else if (at(".photo")) enlarge(at(".photo").dataset.photo);
  else if (at("[data-goto]")) history.goTo(Number(at("[data-goto]").dataset.goto));
  else if (at(".spoiler")) at(".spoiler").classList.add("open");
  else if (at(".expandable") && !at("a")) at(".expandable").classList.toggle("open");
  else if (at("a.command")) { event.preventDefault(); say(at("a.command").dataset.command); }
  else if (at("a") && ownStart(at("a").href) !== null) { event.preventDefault(); followLink(at("a").href); }
  else if (at(".text code") && !at("pre")) copy(at("code").textContent);
});
$("messages").addEventListener("keydown", (event) => {
  if (event.target.matches(".spoiler") && (event.key === "Enter" || event.key === " ")) event.target.click();
});
$("pinned").addEventListener("click", () => history.goTo(current.state.pinned));
$("person-chip").addEventListener("click", () => switchTo([...chats.values()].find((chat) => chat !== current) ?? current));
$("language-chip").addEventListener("click", () => setLanguage(current.state?.language === "ru" ? "en" : "ru"));
for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => setLanguage(button.dataset.language));
const setLanguage = (language) => attempt(() => wire.setLanguage(current.person.id, language));

// ---- light and dark

const dark = matchMedia("(prefers-color-scheme: dark)");
function paint() {
  const theme = recall("theme") ?? (dark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
}
dark.addEventListener("change", paint);
for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    remember("theme", next === (dark.matches ? "dark" : "light") ? null : next);
    paint();
  });
}

function remember(name, value) {
  if (value === null) localStorage.removeItem(name);
  else localStorage.setItem(name, value);
}
function recall(name) {
  return localStorage.getItem(name);
}

// ---- start

async function start() {
  paint();
  speak("en");
  composer.connect(say, give);
  const everybody = await knock();
  for (const person of everybody) chats.set(person.id, { person, state: null, messages: new Map(), unread: 0 });
  current = chats.get(Number(recall("person"))) ?? chats.values().next().value;
  showPeople();
  for (const chat of chats.values()) wire.follow(chat.person.id, (state, all) => told(chat, state, all), (how) => connection(chat, how));
  if (matchMedia("(hover: hover)").matches) $("text").focus();
}

async function knock() {
  for (;;) {
    try {
      return await wire.people();
    } catch (error) {
      $("lost").hidden = false;
      $("lost").textContent = word(error.status === 403 ? "new_key" : "lost");
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

start();
