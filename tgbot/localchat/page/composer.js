// Where a person writes: the field, the commands menu, "/" completion, the bot's reply keyboard, attachments.

import { word } from "./words.js";

const $ = (id) => document.getElementById(id);
const text = $("text");
const palette = $("palette");
let commands = [];
let chosen = -1;
let say = () => undefined;
let attach = () => undefined;

export function connect(onSay, onAttach) {
  say = onSay;
  attach = onAttach;
}

export function offer(state) {
  const changed = JSON.stringify(commands) !== JSON.stringify(state.commands);
  commands = state.commands;
  text.placeholder = state.placeholder ?? word("message");
  for (const [id, name] of [["text", "message"], ["send", "send"], ["attach", "attach"], ["menu", "menu"]]) $(id).ariaLabel = word(name);
  $("menu").hidden = commands.length === 0;
  if (changed && !palette.hidden) refresh();
  const rows = state.keyboard.map((row) => {
    const line = document.createElement("div");
    line.append(...row.map(replyButton));
    return line;
  });
  $("keyboard").hidden = rows.length === 0;
  $("keyboard").replaceChildren(...rows);
}

function replyButton(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => say(label));
  return button;
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  $("composer").classList.toggle("filled", text.value.trim() !== "");
}

function clear() {
  text.value = "";
  grow();
  close();
}

async function submit() {
  const said = text.value.trim();
  if (!said) return;
  clear();
  if (!(await say(said)) && !text.value) {
    text.value = said;
    grow();
  }
}

// The palette shows all commands (menu) or those that begin like what is typed.
function refresh(all = false) {
  const typed = /^\/(\w*)$/.exec(text.value)?.[1];
  const found = all ? commands : commands.filter(({ command }) => typed !== undefined && command.startsWith(typed.toLowerCase()));
  chosen = -1;
  palette.hidden = found.length === 0;
  $("menu").ariaExpanded = String(!palette.hidden);
  palette.replaceChildren(...found.map(option));
}

function option({ command, description }, index) {
  const element = document.createElement("button");
  element.type = "button";
  element.role = "option";
  element.id = `option-${index}`;
  element.tabIndex = -1;
  const name = document.createElement("b");
  name.textContent = `/${command}`;
  const words = document.createElement("span");
  words.textContent = description;
  element.append(name, words);
  element.addEventListener("click", () => {
    clear();
    say(`/${command}`);
    text.focus();
  });
  return element;
}

function close() {
  palette.hidden = true;
  chosen = -1;
  $("menu").ariaExpanded = "false";
  text.removeAttribute("aria-activedescendant");
}

function choose(step) {
  const options = [...palette.children];
  chosen = (chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length;
  options.forEach((each, index) => (each.ariaSelected = String(index === chosen)));
  options[chosen].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", options[chosen].id);
}

text.addEventListener("input", () => {
  grow();
  refresh();
});

text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const open = !palette.hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) choose(event.key === "ArrowDown" ? 1 : -1);
  else if (open && event.key === "Tab" && !event.shiftKey) {
    const target = palette.children[Math.max(chosen, 0)].querySelector("b").textContent;
    text.value = `${target} `;
    close();
  } else if (open && event.key === "Escape") close();
  else if (event.key === "Enter" && !event.shiftKey) {
    if (open && chosen >= 0) palette.children[chosen].click();
    else submit();
  } else return;
  event.preventDefault();
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus();
});
$("menu").addEventListener("click", () => {
  if (palette.hidden) refresh(true);
  else close();
  text.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!palette.hidden && !palette.contains(event.target) && !$("composer").contains(event.target)) close();
});

async function give(files) {
  const caption = text.value.trim();
  clear();
  await attach(files, caption);
}
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async () => {
  if ($("file").files.length) await give([...$("file").files]);
  $("file").value = "";
});
text.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (!files.length) return;
  event.preventDefault();
  give(files);
});
